package com.telconova.local.lab.child;

import com.telconova.shared.aws.AwsClients;
import com.telconova.shared.aws.AwsConfig;
import com.telconova.shared.config.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The same 64 bytes to somebody and back, by one way after the other; says how long each took, in
/// nanoseconds.
///
/// Arguments: the file of [Echo]'s socket and its port, a service's admin and API URL, the
/// emulator's URL, rounds. The environment has an access token: arguments are seen by everybody.
public final class Ladder {
  private static final int BYTES = 64;
  private static final int BATCH = 10_000;

  private final Parent parent = new Parent();
  private final int rounds;

  private Ladder(int rounds) {
    this.rounds = rounds;
  }

  public static void main(String[] arguments) throws Exception {
    var ladder = new Ladder(Integer.parseInt(arguments[5]));
    var token = System.getenv("LAB_TOKEN");
    ladder.call();
    ladder.thread();
    ladder.pipe();
    ladder.socket("unix", UnixDomainSocketAddress.of(Path.of(arguments[0])));
    var port = Integer.parseInt(arguments[1]);
    ladder.socket("tcp", new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    ladder.rest(URI.create(arguments[2] + "/health/live"), URI.create(arguments[3]), token);
    ladder.queue(URI.create(arguments[4]));
  }

  private interface Trip {
    void go() throws Exception;
  }

  /// Twice, the first time for the compiler.
  private void measure(String word, int count, Trip trip) throws Exception {
    var took = new long[count];
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < count; i++) {
        long begin = System.nanoTime();
        trip.go();
        took[i] = System.nanoTime() - begin;
      }
    }
    parent.say(word, took);
  }

  private void call() {
    // A look-up that the compiler cannot leave out.
    Map<UUID, byte[]> orders = new ConcurrentHashMap<>();
    var ids = new UUID[1_024];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = new UUID(i, i * 31L);
      orders.put(ids[i], new byte[BYTES]);
    }
    var took = new long[200];
    long sum = 0;
    for (int pass = 0; pass < 3; pass++) {
      for (int i = 0; i < took.length; i++) {
        long begin = System.nanoTime();
        for (int j = 0; j < BATCH; j++) {
          sum += orders.get(ids[j & 1_023]).length;
        }
        took[i] = (System.nanoTime() - begin) * 1_000 / BATCH;
      }
    }
    // In thousandths of a nanosecond.
    parent.say(sum > 0 ? "call" : "nothing", took);
  }

  private void thread() throws Exception {
    var there = new SynchronousQueue<byte[]>();
    var back = new SynchronousQueue<byte[]>();
    var other =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                while (true) {
                  back.put(there.take());
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    var bytes = new byte[BYTES];
    measure(
        "thread",
        rounds,
        () -> {
          there.put(bytes);
          back.take();
        });
    other.interrupt();
  }

  private void pipe() throws Exception {
    var cat = new ProcessBuilder("cat").start();
    try {
      var out = cat.getOutputStream();
      InputStream in = cat.getInputStream();
      var bytes = new byte[BYTES];
      measure(
          "pipe",
          rounds,
          () -> {
            out.write(bytes);
            out.flush();
            if (in.readNBytes(bytes, 0, BYTES) != BYTES) {
              throw new IOException("cat has ended");
            }
          });
    } finally {
      cat.destroyForcibly();
      cat.waitFor(5, TimeUnit.SECONDS);
    }
  }

  private void socket(String word, SocketAddress address) throws Exception {
    try (var channel = SocketChannel.open(address)) {
      if (word.equals("tcp")) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      var bytes = ByteBuffer.allocateDirect(BYTES);
      measure(
          word,
          rounds,
          () -> {
            channel.write(bytes.clear());
            bytes.clear();
            while (bytes.hasRemaining()) {
              if (channel.read(bytes) < 0) {
                throw new IOException("the other end has left");
              }
            }
          });
    }
  }

  private void rest(URI health, URI api, String token) throws Exception {
    try (var http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build()) {
      var live = HttpRequest.newBuilder(health).timeout(Duration.ofSeconds(5)).build();
      measure("health", Math.max(1, rounds / 2), () -> send(http, live));
      var orders =
          HttpRequest.newBuilder(api.resolve("/orders?limit=1"))
              .header("Authorization", "Bearer " + token)
              .timeout(Duration.ofSeconds(5))
              .build();
      measure("orders", Math.max(1, rounds / 4), () -> send(http, orders));
    }
  }

  private static void send(HttpClient http, HttpRequest request) throws Exception {
    int status = http.send(request, HttpResponse.BodyHandlers.ofByteArray()).statusCode();
    if (status != 200) {
      throw new IOException(request.uri() + " answers " + status);
    }
  }

  /// From sending to having received and deleted, by a consumer that polls all the time.
  private void queue(URI endpoint) throws Exception {
    var config =
        new AwsConfig(
            "us-east-1",
            Optional.of(endpoint),
            Optional.of(new AwsConfig.Credentials("test", new Secret("test"))));
    try (var clients = new AwsClients(config);
        SqsClient sqs = clients.sqs()) {
      var url = sqs.createQueue(q -> q.queueName("microflow-lab")).queueUrl();
      try {
        var received = new SynchronousQueue<String>();
        var consumer = Thread.ofPlatform().daemon().start(() -> consume(sqs, url, received));
        measure(
            "queue",
            Math.max(1, rounds / 20),
            () -> {
              sqs.sendMessage(m -> m.queueUrl(url).messageBody("x".repeat(BYTES)));
              if (received.poll(20, TimeUnit.SECONDS) == null) {
                throw new IOException("a message did not come");
              }
            });
        consumer.interrupt();
      } finally {
        sqs.deleteQueue(q -> q.queueUrl(url));
      }
    }
  }

  private static void consume(SqsClient sqs, String url, SynchronousQueue<String> received) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        var answer = sqs.receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(2));
        for (var message : answer.messages()) {
          sqs.deleteMessage(d -> d.queueUrl(url).receiptHandle(message.receiptHandle()));
          received.put(message.body());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // The queue is gone: it is over.
    }
  }
}
