package com.telconova.tracking.notification.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import com.telconova.shared.aws.AwsClients;
import com.telconova.shared.aws.AwsConfig;
import com.telconova.shared.config.Settings;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Bench;
import com.telconova.tracking.notification.template.Message;
import com.telconova.tracking.recipient.Channel;
import com.telconova.tracking.recipient.Preferences;
import com.telconova.tracking.recipient.Recipient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sns.SnsClient;

/// The ways to phones. The emulator knows no phones, so that a server of our own stands in for SNS:
/// what counts is what is asked of it.
final class CarrierIT {
  private final Recipient ana =
      new Recipient(
          UUID.randomUUID(),
          "ana@example.com",
          "Ana",
          "+573001234567",
          "TECHNICIAN",
          Locale.of("es"),
          ZoneId.of("America/Bogota"),
          true,
          new Preferences(null, null, null, "arn:aws:sns:us-east-1:0:endpoint/GCM/app/1"));

  @Test
  void a_file_has_a_line_of_json_for_each_message(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("told.jsonl");

    assertThat(new FileCarrier(file, Channel.SMS).carry(parcel("Línea\nuna")))
        .isInstanceOf(Outcome.Sent.class);
    assertThat(new FileCarrier(file, Channel.PUSH).carry(parcel("dos")))
        .isInstanceOf(Outcome.Sent.class);

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2);
    JsonNode first = Mappers.TOLERANT.readTree(lines.getFirst());
    assertThat(first.path("channel").asText()).isEqualTo("SMS");
    assertThat(first.path("address").asText()).isEqualTo("+573001234567");
    assertThat(first.path("text").asText()).isEqualTo("Línea\nuna");
    assertThat(new FileCarrier(folder.resolve("no/such/folder"), Channel.SMS).carry(parcel("x")))
        .isInstanceOf(Outcome.Deferred.class);
  }

  @Test
  void sns_is_asked_for_a_phone_or_for_an_endpoint() throws IOException {
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpServer server = sns(asked, 200, "<PublishResponse><PublishResult/></PublishResponse>");
    try (Clients clients = new Clients(server)) {
      assertThat(new SnsCarrier(clients.sns, Channel.SMS).carry(parcel("Llegó la orden")))
          .isInstanceOf(Outcome.Sent.class);
      assertThat(new SnsCarrier(clients.sns, Channel.PUSH).carry(parcel(Channel.PUSH, "Llegó")))
          .isInstanceOf(Outcome.Sent.class);
    }

    assertThat(asked.getFirst())
        .contains("Action=Publish", "PhoneNumber=+573001234567", "Message=Llegó la orden")
        .contains("Transactional")
        .doesNotContain("TargetArn");
    assertThat(asked.get(1))
        .contains("TargetArn=arn:aws:sns:us-east-1:0:endpoint/GCM/app/1")
        .doesNotContain("PhoneNumber");
  }

  @Test
  void what_sns_refuses_is_not_tried_again_and_what_it_cannot_do_now_is() throws IOException {
    Map<Integer, Class<? extends Outcome>> expected =
        Map.of(400, Outcome.Refused.class, 503, Outcome.Deferred.class);
    for (Map.Entry<Integer, Class<? extends Outcome>> each : expected.entrySet()) {
      HttpServer server =
          sns(
              new CopyOnWriteArrayList<>(),
              each.getKey(),
              "<ErrorResponse><Error><Code>OptedOut</Code><Message>m</Message></Error></ErrorResponse>");
      try (Clients clients = new Clients(server)) {
        assertThat(new SnsCarrier(clients.sns, Channel.SMS).carry(parcel("x")))
            .isInstanceOf(each.getValue());
      }
    }
    HttpServer gone = sns(List.of(), 200, "");
    gone.stop(0);
    try (Clients clients = new Clients(gone)) {
      assertThat(new SnsCarrier(clients.sns, Channel.SMS).carry(parcel("x")))
          .isInstanceOf(Outcome.Deferred.class);
    }
  }

  private Carrier.Parcel parcel(String text) {
    return parcel(Channel.SMS, text);
  }

  private Carrier.Parcel parcel(Channel channel, String text) {
    return new Carrier.Parcel(
        UUID.randomUUID(),
        ana,
        ana.address(channel).orElseThrow(),
        new Message("s", "b"),
        text,
        Optional.empty(),
        Instant.EPOCH);
  }

  private static HttpServer sns(List<String> asked, int status, String answer) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            asked.add(
                URLDecoder.decode(
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    StandardCharsets.UTF_8));
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
    server.start();
    return server;
  }

  private static final class Clients implements AutoCloseable {
    private final HttpServer server;
    private final AwsClients aws;
    final SnsClient sns;

    Clients(HttpServer server) {
      this.server = server;
      Map<String, String> environment = Bench.get().environment("tracking");
      environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:" + server.getAddress().getPort());
      aws = new AwsClients(AwsConfig.from(Settings.of(environment)));
      sns = aws.sns();
    }

    @Override
    public void close() {
      sns.close();
      aws.close();
      server.stop(0);
    }
  }
}
