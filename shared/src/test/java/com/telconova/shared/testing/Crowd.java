package com.telconova.shared.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/// Many HTTP/1.1 clients at once, each with a connection of its own that stays open, all driven by
/// the one thread that calls [#ask]: a client is a socket and a buffer, so that the crowd takes as
/// little as it can of the machine it shares with the server.
///
/// A time begins before the request's bytes are written and ends when the whole answer was read: a
/// crowd that falls behind makes its own figures worse, never better. Not thread-safe.
public final class Crowd implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MAX_ANSWER_BYTES = 6 * 1024;
  private static final byte[] LENGTH = "\r\nContent-Length: ".getBytes(StandardCharsets.ISO_8859_1);

  private final Selector selector;
  private final List<Client> clients = new ArrayList<>();

  private Crowd(Selector selector) {
    this.selector = selector;
  }

  /// Connects to a port of loopback.
  ///
  /// @param request the bytes that the client with this number sends, again and again; without a
  ///   body
  public static Crowd open(int port, int size, IntFunction<String> request) {
    try {
      Crowd crowd = new Crowd(Selector.open());
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      for (int i = 0; i < size; i++) {
        SocketChannel channel = SocketChannel.open(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        Client client = new Client(channel, request.apply(i).getBytes(StandardCharsets.ISO_8859_1));
        channel.register(crowd.selector, SelectionKey.OP_READ, client);
        crowd.clients.add(client);
      }
      return crowd;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a crowd was told.
  ///
  /// @param answers how often each status came; 0: the connection ended without an answer
  /// @param bare how many of the 503 lacked `Retry-After` or were no problem+json
  /// @param servedPerSecond answers 200 within the time of asking, by its length
  /// @param served,refused how long the answers 200 and 503 took, in nanoseconds, shortest first
  public record Told(
      Map<Integer, Integer> answers,
      int bare,
      double servedPerSecond,
      long[] served,
      long[] refused) {

    /// A percentile of such times in milliseconds; 0 when there are none.
    public static double millis(long[] nanos, double percentile) {
      return nanos.length == 0
          ? 0
          : nanos[(int) Math.min(nanos.length - 1, nanos.length * percentile / 100)] / 1e6;
    }

    @Override
    public String toString() {
      return "%.0f served/s; answers %s; served p50 %.0f p99 %.0f max %.0f ms; refused p50 %.0f p99 %.0f max %.0f ms"
          .formatted(
              servedPerSecond,
              answers,
              millis(served, 50),
              millis(served, 99),
              millis(served, 100),
              millis(refused, 50),
              millis(refused, 99),
              millis(refused, 100));
    }
  }

  /// Lets the first `active` clients ask at once. Who is served asks again at once; who is refused
  /// asks again after `pause`. Ends when the time is over and everybody was answered.
  ///
  /// @param pause 0: refused clients ask again at once, too
  public Told ask(int active, Duration time, Duration pause) {
    try {
      return new Round(active, time, pause).run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      for (Client client : clients) {
        client.channel.close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Round {
    private final int active;
    private final long pauseNanos;
    private final long begin = System.nanoTime();
    private final long end;
    private final Map<Integer, Integer> answers = new TreeMap<>();
    private final Times served = new Times();
    private final Times refused = new Times();
    private final Deque<Client> pausing = new ArrayDeque<>(); // by the time they ask again
    private int inTime;
    private int bare;
    private int inFlight;

    Round(int active, Duration time, Duration pause) {
      this.active = active;
      this.pauseNanos = pause.toNanos();
      this.end = begin + time.toNanos();
    }

    Told run() throws IOException {
      for (Client client : clients.subList(0, active)) {
        send(client);
      }
      while (inFlight > 0 || !pausing.isEmpty()) {
        if (System.nanoTime() - end > PATIENCE.toNanos()) {
          throw new IllegalStateException(inFlight + " requests were never answered");
        }
        selector.select(this::read, waitMillis());
        askAgain();
      }
      return new Told(
          answers, bare, inTime * 1e9 / (end - begin), served.sorted(), refused.sorted());
    }

    private long waitMillis() {
      return pausing.isEmpty()
          ? 1_000
          : Math.max(
              1, TimeUnit.NANOSECONDS.toMillis(pausing.getFirst().again - System.nanoTime()));
    }

    private void askAgain() throws IOException {
      long now = System.nanoTime();
      if (now >= end) {
        pausing.clear();
      }
      while (!pausing.isEmpty() && pausing.getFirst().again <= now) {
        send(pausing.removeFirst());
      }
    }

    private void send(Client client) throws IOException {
      client.asked = System.nanoTime();
      client.answer.clear();
      client.request.rewind();
      inFlight++;
      try {
        while (client.request.hasRemaining()) { // far smaller than any socket's buffer
          client.channel.write(client.request);
        }
      } catch (IOException e) {
        lost(client);
      }
    }

    private void read(SelectionKey key) {
      Client client = (Client) key.attachment();
      try {
        if (client.channel.read(client.answer) < 0) {
          lost(client);
        } else if (client.isAnswered()) {
          answered(client);
        }
      } catch (IOException e) {
        lost(client);
      }
    }

    private void lost(Client client) {
      try {
        client.channel.close();
      } catch (IOException e) {
        // It is lost already.
      }
      inFlight--;
      answers.merge(0, 1, Integer::sum);
    }

    private void answered(Client client) throws IOException {
      long now = System.nanoTime();
      int status = client.status();
      inFlight--;
      answers.merge(status, 1, Integer::sum);
      if (status == 503) {
        refused.add(now - client.asked);
        bare += client.isWholeRefusal() ? 0 : 1;
      } else {
        served.add(now - client.asked);
        inTime += status == 200 && now <= end ? 1 : 0;
      }
      if (now >= end) {
        return;
      }
      if (status == 503 && pauseNanos > 0) {
        client.again = now + pauseNanos;
        pausing.addLast(client);
      } else {
        send(client);
      }
    }
  }

  private static final class Times {
    private long[] nanos = new long[1 << 14];
    private int size;

    void add(long value) {
      if (size == nanos.length) {
        nanos = Arrays.copyOf(nanos, size * 2);
      }
      nanos[size++] = value;
    }

    long[] sorted() {
      long[] sorted = Arrays.copyOf(nanos, size);
      Arrays.sort(sorted);
      return sorted;
    }
  }

  private static final class Client {
    private final SocketChannel channel;
    private final ByteBuffer request;
    private final ByteBuffer answer = ByteBuffer.allocate(MAX_ANSWER_BYTES);
    private long asked;
    private long again;

    Client(SocketChannel channel, byte[] request) {
      this.channel = channel;
      this.request = ByteBuffer.wrap(request);
    }

    int status() {
      byte[] bytes = answer.array();
      return (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + bytes[11] - '0';
    }

    boolean isAnswered() {
      int head = endOfHead();
      return head > 0 && answer.position() >= head + contentLength(head);
    }

    boolean isWholeRefusal() {
      String head = new String(answer.array(), 0, endOfHead(), StandardCharsets.ISO_8859_1);
      return head.contains("\r\nRetry-After: ")
          && head.contains("\r\nContent-Type: application/problem+json\r\n");
    }

    /// Where the body begins; -1 when the head is not whole yet.
    private int endOfHead() {
      byte[] bytes = answer.array();
      for (int i = 0; i + 4 <= answer.position(); i++) {
        if (bytes[i] == '\r' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
          return i + 4;
        }
      }
      return -1;
    }

    private int contentLength(int head) {
      byte[] bytes = answer.array();
      for (int i = 0; i + LENGTH.length < head; i++) {
        if (bytes[i] == '\r'
            && Arrays.equals(bytes, i, i + LENGTH.length, LENGTH, 0, LENGTH.length)) {
          int length = 0;
          for (int at = i + LENGTH.length; bytes[at] != '\r'; at++) {
            length = length * 10 + bytes[at] - '0';
          }
          return length;
        }
      }
      throw new IllegalStateException("An answer without a length");
    }
  }
}
