package com.telconova.shared.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.event.Publisher.Outcome;
import com.telconova.shared.json.Mappers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchRequest;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.PublishBatchResultEntry;
import software.amazon.awssdk.services.sns.model.SnsException;

final class SnsPublisherTest {
  private static final int SNS_LIMIT = 256 * 1024;

  private final FakeSns sns = new FakeSns();
  private final SnsPublisher publisher = new SnsPublisher(sns, "arn:topic");

  /// Accepts everything unless told otherwise.
  private static final class FakeSns implements SnsClient {
    final List<PublishBatchRequest> requests = new ArrayList<>();
    Function<PublishBatchRequest, PublishBatchResponse> answer = FakeSns::acceptAll;

    @Override
    public PublishBatchResponse publishBatch(PublishBatchRequest request) {
      requests.add(request);
      return answer.apply(request);
    }

    static PublishBatchResponse acceptAll(PublishBatchRequest request) {
      return PublishBatchResponse.builder()
          .successful(
              request.publishBatchRequestEntries().stream()
                  .map(entry -> PublishBatchResultEntry.builder().id(entry.id()).build())
                  .toList())
          .build();
    }

    @Override
    public String serviceName() {
      return "sns";
    }

    @Override
    public void close() {}
  }

  @Test
  void at_most_ten_go_together_in_their_order() {
    List<Event> events = events(25, 10);

    assertThat(publisher.publish(events))
        .isEqualTo(new Outcome(Set.copyOf(ids(events)), Set.of(), false));

    assertThat(sns.requests)
        .extracting(request -> request.publishBatchRequestEntries().size())
        .containsExactly(10, 10, 5);
    assertThat(
            sns.requests.stream()
                .flatMap(request -> request.publishBatchRequestEntries().stream())
                .map(entry -> UUID.fromString(entry.id())))
        .containsExactlyElementsOf(ids(events));
  }

  @Test
  void large_events_are_packed_by_size() {
    assertThat(batchSizes(events(10, 200 * 1024))).containsOnly(1).hasSize(10);
    assertThat(batchSizes(events(10, 100 * 1024))).containsOnly(2).hasSize(5);
    assertThat(batchSizes(events(10, 23 * 1024))).containsExactly(10);
  }

  @Test
  void no_batch_is_larger_than_sns_takes_attributes_and_accents_included() {
    List<Event> events = new ArrayList<>(events(40, 25_000));
    events.addAll(events(3, Outbox.MAX_EVENT_BYTES - 20));
    events.add(event("ñ".repeat(Outbox.MAX_EVENT_BYTES / 2 - 20)));
    events.addAll(events(40, 24_000));

    publisher.publish(events);

    assertThat(sns.requests)
        .allSatisfy(request -> {
          int bytes =
              request.publishBatchRequestEntries().stream().mapToInt(SnsPublisherTest::size).sum();
          assertThat(bytes).isLessThanOrEqualTo(SNS_LIMIT);
        });
    assertThat(sns.requests.stream().mapToInt(r -> r.publishBatchRequestEntries().size()).sum())
        .isEqualTo(events.size());
  }

  @Test
  void only_what_sns_confirms_was_accepted() {
    List<Event> events = events(4, 10);
    sns.answer =
        request ->
            PublishBatchResponse.builder()
                .successful(
                    PublishBatchResultEntry.builder().id(events.get(0).id().toString()).build())
                .failed(
                    BatchResultErrorEntry.builder()
                        .id(events.get(1).id().toString())
                        .code("InternalError")
                        .build())
                .build();

    assertThat(publisher.publish(events))
        .isEqualTo(
            new Outcome(
                Set.of(events.getFirst().id()), Set.copyOf(ids(events.subList(1, 4))), false));
  }

  @Test
  void a_refused_batch_does_not_keep_the_others_back() {
    List<Event> events = events(30, 10);
    sns.answer =
        request -> {
          if (sns.requests.size() == 2) {
            throw error(500, "InternalError");
          }
          return FakeSns.acceptAll(request);
        };

    assertThat(publisher.publish(events).accepted())
        .containsExactlyInAnyOrderElementsOf(ids(events));
    assertThat(sns.requests)
        .extracting(request -> request.publishBatchRequestEntries().size())
        .containsExactly(10, 10, 10, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
  }

  @ParameterizedTest
  @CsvSource({"400, InvalidParameter", "413, RequestEntityTooLarge", "500, InternalError"})
  void an_event_that_brings_its_call_down_is_refused_and_all_others_are_sent(
      int status, String code) {
    List<Event> events = events(25, 10);
    UUID bad = events.get(13).id();
    sns.answer =
        request -> {
          if (request.publishBatchRequestEntries().stream()
              .anyMatch(entry -> entry.id().equals(bad.toString()))) {
            throw error(status, code);
          }
          return FakeSns.acceptAll(request);
        };

    Outcome outcome = publisher.publish(events);

    assertThat(outcome.unreachable()).isFalse();
    assertThat(outcome.refused()).containsExactly(bad);
    assertThat(outcome.accepted()).hasSize(24);
  }

  @ParameterizedTest
  @CsvSource({
    "500, InternalError",
    "503, ServiceUnavailable",
    "429, Throttled",
    "400, Throttling",
    "403, AuthorizationError",
    "403, InvalidClientTokenId",
    "404, NotFound",
    "400, KMSAccessDenied",
    "400, ExpiredToken",
    "400, AccessDeniedException"
  })
  void a_topic_that_takes_no_call_is_away_and_no_event_is_to_blame(int status, String code) {
    sns.answer =
        _ -> {
          throw error(status, code);
        };

    for (int count : List.of(1, 2, 10, 100)) {
      sns.requests.clear();
      assertThat(publisher.publish(events(count, 10)))
          .isEqualTo(new Outcome(Set.of(), Set.of(), true));
      assertThat(sns.requests).hasSizeLessThanOrEqualTo(3);
    }
  }

  @ParameterizedTest
  @CsvSource({"400, InvalidParameter", "400, ValidationError", "422, SomethingNew"})
  void what_is_refused_alone_for_what_it_is_is_its_own_refusal(int status, String code) {
    List<Event> events = events(12, 10);
    sns.answer =
        _ -> {
          throw error(status, code);
        };

    assertThat(publisher.publish(events))
        .isEqualTo(new Outcome(Set.of(), Set.copyOf(ids(events)), false));
    assertThat(sns.requests).hasSize(14);
  }

  @Test
  void a_topic_that_goes_away_in_between_leaves_the_rest_untold() {
    List<Event> events = events(100, 10);
    sns.answer =
        request -> {
          if (sns.requests.size() > 4) {
            throw error(503, "ServiceUnavailable");
          }
          return FakeSns.acceptAll(request);
        };

    assertThat(publisher.publish(events))
        .isEqualTo(new Outcome(Set.copyOf(ids(events.subList(0, 40))), Set.of(), true));
    assertThat(sns.requests).hasSize(7);
  }

  @Test
  void when_sns_does_not_answer_the_rest_is_not_tried_in_vain() {
    sns.answer =
        _ -> {
          throw SdkClientException.create("no answer within 5 s");
        };

    assertThat(publisher.publish(events(100, 10))).isEqualTo(new Outcome(Set.of(), Set.of(), true));
    assertThat(sns.requests).hasSize(1);
  }

  @Test
  void type_and_trace_are_attributes_for_filters() {
    publisher.publish(List.of(event("x")));

    PublishBatchRequestEntry entry =
        sns.requests.getFirst().publishBatchRequestEntries().getFirst();
    assertThat(entry.messageAttributes().get("type").stringValue()).isEqualTo("test.happened");
    assertThat(entry.messageAttributes().get("traceparent").stringValue()).startsWith("00-");
    assertThat(entry.message()).contains("\"traceparent\":\"00-");
  }

  private static SnsException error(int status, String code) {
    return (SnsException)
        SnsException.builder()
            .statusCode(status)
            .message(code)
            .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
            .build();
  }

  private static List<Integer> batchSizes(List<Event> events) {
    return SnsPublisher.pack(events).stream().map(List::size).toList();
  }

  private static List<Event> events(int count, int bytes) {
    return IntStream.range(0, count).mapToObj(_ -> event("x".repeat(bytes))).toList();
  }

  private static Event event(String text) {
    return new Event(
        UUID.randomUUID(),
        "urn:microflow:test",
        "test.happened",
        UUID.randomUUID(),
        Instant.parse("2026-01-31T14:00:00Z"),
        1,
        "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01",
        Mappers.TOLERANT.valueToTree(Map.of("text", text)));
  }

  private static List<UUID> ids(List<Event> events) {
    return events.stream().map(Event::id).toList();
  }

  /// As AWS documents it: body plus names, types and values of all attributes.
  private static int size(PublishBatchRequestEntry entry) {
    return entry.message().getBytes(UTF_8).length
        + entry.messageAttributes().entrySet().stream()
            .mapToInt(a ->
                a.getKey().length()
                    + a.getValue().dataType().length()
                    + a.getValue().stringValue().length())
            .sum();
  }
}
