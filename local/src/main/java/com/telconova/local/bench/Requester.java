package com.telconova.local.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Sends requests over so many connections from one thread, which costs a fraction of what they
/// cost whoever answers. One request at a time on each, answers of any length, loopback only.
final class Requester implements AutoCloseable {
  private static final int MAX_WAITING = 10_000;
  private static final long ANSWER_NANOS = Duration.ofSeconds(10).toNanos();
  private static final String SUCCESS = "HTTP/1.1 2";
  private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /// What is sent.
  interface Requests {
    /// The next one, whole.
    ///
    /// @param connection from 0
    byte[] next(int connection);
  }

  /// What came of it.
  ///
  /// @param answered how many were done as asked (2xx), in the time measured
  /// @param errors the others, by what they got
  /// @param unsent were due and found no connection before the end, or too many waited
  /// @param millis from when they were sent, or were due, to the end of the answer
  /// @param ownCpuMillis what this thread took for each request
  record Result(
      long answered,
      Map<String, Long> errors,
      long unsent,
      double seconds,
      Series millis,
      double ownCpuMillis) {
    double rate() {
      return answered / seconds;
    }

    long failed() {
      return errors.values().stream().mapToLong(Long::longValue).sum() + unsent;
    }
  }

  private final Selector selector = Selector.open();
  private final List<Connection> connections = new ArrayList<>();
  private final ArrayDeque<Connection> free = new ArrayDeque<>();
  private final ArrayDeque<Long> waiting = new ArrayDeque<>();
  private final Requests requests;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
  private Map<String, Long> errors = new TreeMap<>();
  private double[] millis = new double[1 << 16];
  private int answered;
  private long unsent;

  /// @param urls taken in turn
  Requester(List<URI> urls, int count, Requests requests) throws IOException {
    this.requests = requests;
    for (int i = 0; i < count; i++) {
      var connection = new Connection(i, urls.get(i % urls.size()).getPort());
      connection.open();
      connections.add(connection);
    }
  }

  /// Each connection sends as soon as it was answered.
  Result closed(Duration time) throws IOException {
    begin();
    long cpu = cpu();
    long began = System.nanoTime();
    long end = began + time.toNanos();
    for (var connection : connections) {
      connection.send(System.nanoTime());
    }
    while (System.nanoTime() < end) {
      turn(100, true);
    }
    var result = result(began, cpu);
    finish();
    return result;
  }

  /// So many a second are due, whether answers come or not; time counts from then.
  Result open(double perSecond, Duration time) throws IOException {
    begin();
    free.addAll(connections);
    long cpu = cpu();
    long began = System.nanoTime();
    long count = Math.round(perSecond * time.toNanos() / 1e9);
    long due = 0;
    while (due < count || !waiting.isEmpty() || free.size() < connections.size()) {
      long now = System.nanoTime();
      while (due < count && began + (long) (due * 1e9 / perSecond) <= now) {
        if (waiting.size() < MAX_WAITING) {
          waiting.add(began + (long) (due * 1e9 / perSecond));
        } else {
          unsent++;
        }
        due++;
      }
      while (!waiting.isEmpty() && !free.isEmpty()) {
        free.poll().send(waiting.poll());
      }
      turn(1, false);
      if (now - began > time.toNanos() + ANSWER_NANOS) {
        unsent += waiting.size();
        break;
      }
    }
    var result = result(began, cpu);
    finish();
    return result;
  }

  @Override
  public void close() throws IOException {
    for (var connection : connections) {
      connection.channel.close();
    }
    selector.close();
  }

  private void begin() {
    errors = new TreeMap<>();
    answered = 0;
    unsent = 0;
    waiting.clear();
    free.clear();
  }

  private Result result(long began, long cpu) {
    return new Result(
        answered,
        errors,
        unsent,
        (System.nanoTime() - began) / 1e9,
        new Series(Arrays.copyOf(millis, answered)),
        (cpu() - cpu) / 1e6 / Math.max(1, answered));
  }

  /// Takes the answers that are still to come, which count no more.
  private void finish() throws IOException {
    var counted = errors;
    errors = new TreeMap<>();
    long deadline = System.nanoTime() + ANSWER_NANOS;
    while (connections.stream().anyMatch(c -> c.busy) && System.nanoTime() < deadline) {
      turn(100, false);
    }
    for (var connection : connections) {
      if (connection.busy) {
        connection.reopen();
      }
    }
    errors = counted;
  }

  private void turn(long waitMillis, boolean again) throws IOException {
    selector.select(
        key -> {
          var connection = (Connection) key.attachment();
          try {
            if (key.isWritable()) {
              connection.write();
            }
            if (key.isValid() && key.isReadable() && connection.read()) {
              next(connection, again);
            }
          } catch (IOException e) {
            fail(connection, "connection", again);
          }
        },
        waitMillis);
    long now = System.nanoTime();
    for (var connection : connections) {
      if (connection.busy && now - connection.sentAt > ANSWER_NANOS) {
        fail(connection, "timeout", again);
      }
    }
  }

  private void next(Connection connection, boolean again) {
    if (again) {
      connection.send(System.nanoTime());
    } else {
      free.add(connection);
    }
  }

  private void fail(Connection connection, String kind, boolean again) {
    boolean wasBusy = connection.busy;
    errors.merge(kind, 1L, Long::sum);
    try {
      connection.reopen();
    } catch (IOException e) {
      errors.merge("refused", 1L, Long::sum);
      return;
    }
    if (wasBusy) {
      next(connection, again);
    }
  }

  private static long cpu() {
    var threads = java.lang.management.ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadCpuTime();
  }

  private final class Connection {
    private final int number;
    private final int port;
    private SocketChannel channel;
    private SelectionKey key;
    private ByteBuffer out = ByteBuffer.allocate(0);
    private byte[] head = new byte[0];
    private String status = "";
    private long left; // of the body; -1 while the head is read, -2 chunked
    private byte[] tail = new byte[0];
    private long dueAt;
    private long sentAt;
    private boolean busy;

    Connection(int number, int port) {
      this.number = number;
      this.port = port;
    }

    void open() throws IOException {
      channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.configureBlocking(false);
      channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
      key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    void reopen() throws IOException {
      channel.close();
      busy = false;
      open();
    }

    void send(long due) {
      out = ByteBuffer.wrap(requests.next(number));
      dueAt = due;
      sentAt = System.nanoTime();
      busy = true;
      left = -1;
      head = new byte[0];
      try {
        write();
      } catch (IOException e) {
        key.interestOps(SelectionKey.OP_READ); // reading will tell
      }
    }

    void write() throws IOException {
      channel.write(out);
      key.interestOps(
          out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    /// Whether an answer is complete, and was counted.
    boolean read() throws IOException {
      buffer.clear();
      int count = channel.read(buffer);
      if (count < 0) {
        throw new IOException("closed");
      }
      buffer.flip();
      if (!busy) {
        return false;
      }
      if (left == -1 && !readHead()) {
        return false;
      }
      if (left == -2) {
        if (!readChunks()) {
          return false;
        }
      } else {
        left -= buffer.remaining();
        if (left > 0) {
          return false;
        }
      }
      busy = false;
      count();
      return true;
    }

    private boolean readHead() throws IOException {
      var bytes = Arrays.copyOf(head, head.length + buffer.remaining());
      buffer.get(bytes, head.length, bytes.length - head.length);
      int end = indexOf(bytes, END_OF_HEAD);
      if (end < 0) {
        head = bytes;
        if (head.length > 64 * 1024) {
          throw new IOException("an endless head");
        }
        return false;
      }
      var text =
          new String(bytes, 0, end, StandardCharsets.US_ASCII).toLowerCase(java.util.Locale.ROOT);
      status = new String(bytes, 0, Math.min(12, end), StandardCharsets.US_ASCII);
      int length = text.indexOf("\r\ncontent-length:");
      if (length >= 0) {
        int from = length + "\r\ncontent-length:".length();
        int to = text.indexOf("\r\n", from);
        left = Long.parseLong(text.substring(from, to < 0 ? text.length() : to).strip());
      } else if (text.contains("\r\ntransfer-encoding: chunked")) {
        left = -2;
        tail = new byte[0];
      } else {
        left = 0;
      }
      // What is left of the buffer is the body's beginning.
      int body = bytes.length - end - END_OF_HEAD.length;
      buffer.position(buffer.limit() - body);
      return true;
    }

    // One answer at a time: it ends with what has come.
    private boolean readChunks() {
      int keep = Math.min(5, tail.length + buffer.remaining());
      var all = Arrays.copyOf(tail, tail.length + buffer.remaining());
      buffer.get(all, tail.length, all.length - tail.length);
      tail = Arrays.copyOfRange(all, all.length - keep, all.length);
      return new String(tail, StandardCharsets.US_ASCII).equals("0\r\n\r\n");
    }

    private void count() {
      if (!status.startsWith(SUCCESS)) {
        errors.merge(status.replace("HTTP/1.1 ", ""), 1L, Long::sum);
        return;
      }
      if (answered == millis.length) {
        millis = Arrays.copyOf(millis, millis.length * 2);
      }
      millis[answered++] = (System.nanoTime() - dueAt) / 1e6;
    }
  }

  static int indexOf(byte[] bytes, byte[] wanted) {
    outer:
    for (int i = 0; i <= bytes.length - wanted.length; i++) {
      for (int j = 0; j < wanted.length; j++) {
        if (bytes[i + j] != wanted[j]) {
          continue outer;
        }
      }
      return i;
    }
    return -1;
  }
}
