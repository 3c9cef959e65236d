package com.telconova.local.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Any number of event streams, read by one thread.
final class Followers implements AutoCloseable {
  private static final int AT_ONCE = 32;
  private static final String BUSY = "HTTP/1.1 503";
  private static final int MAX_TRIES = 5_000;
  private static final int RECEIVE_BYTES = 16 * 1024;

  /// Told of each mark that comes.
  interface Arrival {
    /// @param at by `System.nanoTime()`
    void of(int mark, long at);
  }

  private final Selector selector = Selector.open();
  private final int port;
  private final String token;
  private final List<String> paths;
  private final Arrival arrival;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final Map<String, Integer> errors = new ConcurrentHashMap<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
  private final Thread thread;
  private final ArrayDeque<String> toOpen;
  private volatile boolean closing;
  private int opening;
  private volatile int tries; // by its own thread

  /// Begins to open them.
  ///
  /// @param paths one for each
  Followers(URI url, String token, List<String> paths, Arrival arrival) throws IOException {
    this.port = url.getPort();
    this.token = token;
    this.paths = List.copyOf(paths);
    this.toOpen = new ArrayDeque<>(paths);
    this.arrival = arrival;
    this.thread = Thread.ofPlatform().daemon().name("followers").start(this::run);
  }

  /// How many are open at the moment.
  int open() {
    return open.get();
  }

  /// Whether each was answered, one way or the other.
  boolean isSettled() {
    return done.get() >= paths.size();
  }

  /// How often one was asked to come again, and did.
  int tries() {
    return tries;
  }

  /// Why some are not open, by what they got.
  Map<String, Integer> errors() {
    return Map.copyOf(errors);
  }

  @Override
  public void close() throws IOException {
    closing = true;
    selector.wakeup();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (var key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private void run() {
    try {
      while (!closing) {
        begin();
        selector.select(this::serve, 100);
      }
    } catch (IOException | RuntimeException e) {
      errors.merge(e.toString(), 1, Integer::sum);
    }
  }

  private void begin() {
    while (!toOpen.isEmpty() && opening < AT_ONCE) {
      var path = toOpen.poll();
      opening++;
      try {
        var channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BYTES);
        var key = channel.register(selector, SelectionKey.OP_CONNECT);
        key.attach(new Follower(channel, path));
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      } catch (IOException e) {
        errors.merge(e.toString(), 1, Integer::sum);
        opening--;
        done.incrementAndGet();
      }
    }
  }

  private void serve(SelectionKey key) {
    var follower = (Follower) key.attachment();
    try {
      if (key.isConnectable()) {
        follower.ask(key);
      } else if (key.isReadable()) {
        follower.read();
      }
    } catch (IOException | CancelledKeyException e) {
      follower.end(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private final class Follower {
    private final SocketChannel channel;
    private final String path;
    private byte[] rest = new byte[0];
    private boolean answered;

    Follower(SocketChannel channel, String path) {
      this.channel = channel;
      this.path = path;
    }

    void ask(SelectionKey key) throws IOException {
      channel.finishConnect();
      var request = "GET " + path + " HTTP/1.1\r\n" + Calls.head(token) + "\r\n";
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      key.interestOps(SelectionKey.OP_READ);
    }

    void read() throws IOException {
      buffer.clear();
      buffer.put(rest);
      int count = channel.read(buffer);
      long now = System.nanoTime();
      if (count < 0) {
        end("ended by the service");
        return;
      }
      buffer.flip();
      if (!answered) {
        var head = StandardCharsets.US_ASCII.decode(buffer.duplicate()).toString();
        if (head.startsWith(BUSY) && tries < MAX_TRIES) {
          tries = tries + 1;
          opening--;
          toOpen.add(path); // as the answer asks for
          channel.close();
          return;
        }
        if (!head.startsWith("HTTP/1.1 200")) {
          end(head.lines().findFirst().orElse("nothing"));
          return;
        }
        answered = true;
        opening--;
        open.incrementAndGet();
        done.incrementAndGet();
      }
      int position = 0;
      while (position + Marks.LENGTH <= buffer.limit()) {
        int mark = Marks.at(buffer, position);
        if (mark >= 0) {
          arrival.of(mark, now);
          position += Marks.LENGTH;
        } else {
          position++;
        }
      }
      // A mark may come in two pieces.
      rest = new byte[buffer.limit() - position];
      buffer.get(position, rest);
    }

    void end(String why) {
      errors.merge(why, 1, Integer::sum);
      if (answered) {
        open.decrementAndGet();
      } else {
        opening--;
        done.incrementAndGet();
      }
      try {
        channel.close();
      } catch (IOException e) {
        errors.merge(e.toString(), 1, Integer::sum);
      }
    }
  }
}
