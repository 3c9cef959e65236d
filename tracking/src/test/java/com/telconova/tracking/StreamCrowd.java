package com.telconova.tracking;

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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Many clients that follow orders at once, all driven by one thread and a selector: a client is a
/// socket and what it got so far of one event. It takes as little as it can of the machine that it
/// shares with the server, and what it costs makes the figures worse, never better.
///
/// An entry counts as received when the whole of its event was read. It is known by its comment,
/// `#<number>#`; [#append] says when the number was sent off.
final class StreamCrowd implements AutoCloseable {
  /// How many ask at once; a service that has just started lets ten in and fifty wait for a second.
  private static final int CONNECTING = 20;

  private static final Pattern NUMBER = Pattern.compile("\"comment\":\"#(\\d+)#\"");

  private final int port;
  private final List<UUID> orders;
  private final int followers;
  private final Function<UUID, String> token;
  private final int attentive;
  private final Selector selector;
  private final Thread thread = new Thread(this::run, "stream-crowd");
  private final Queue<Runnable> wishes = new ConcurrentLinkedQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
  private final long[] sentAt;
  private final int[] sentTo;
  private volatile boolean closed;

  // Of the crowd's own thread.
  private final List<Client> clients = new ArrayList<>();
  private final Deque<Client> arriving = new ArrayDeque<>();
  private final int[] received;
  private long[] nanos = new long[1 << 16];
  private int receipts;
  private int connecting;
  private int open;
  private int refused;
  private int ended;
  private int doubles;
  private int astray;

  /// @param orders each has so many `followers`
  /// @param attentive how many orders, from the first, have followers with buffers as usual; those
  ///   of the others have small ones
  /// @param entries how many will be appended at most
  StreamCrowd(
      int port,
      List<UUID> orders,
      int followers,
      int attentive,
      int entries,
      Function<UUID, String> token) {
    this.port = port;
    this.orders = orders;
    this.followers = followers;
    this.attentive = attentive;
    this.token = token;
    this.sentAt = new long[entries];
    this.sentTo = new int[entries];
    this.received = new int[entries];
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (int order = 0; order < orders.size(); order++) {
      for (int i = 0; i < followers; i++) {
        Client client = new Client(order);
        clients.add(client);
        arriving.add(client);
      }
    }
    thread.start();
    tell(this::arrive);
  }

  /// What the crowd saw.
  ///
  /// @param refused answers other than 200; who got one came again
  /// @param ended streams that ended although their client stayed
  /// @param complete entries that each follower of their order has
  /// @param doubles entries that a client had already
  /// @param astray entries of an order that the client does not follow
  /// @param nanos from sending an entry off to each receipt, shortest first
  record Seen(
      int open, int refused, int ended, int complete, int doubles, int astray, long[] nanos) {
    double millis(double percentile) {
      return nanos.length == 0
          ? 0
          : nanos[(int) Math.min(nanos.length - 1, nanos.length * percentile / 100)] / 1e6;
    }
  }

  Seen seen() {
    return ask(() -> {
      long[] sorted = Arrays.copyOf(nanos, receipts);
      Arrays.sort(sorted);
      int complete = (int) Arrays.stream(received).filter(count -> count == followers).count();
      return new Seen(open, refused, ended, complete, doubles, astray, sorted);
    });
  }

  /// Notes that the entry with this number is being sent off, to the order with this index.
  ///
  /// @return its comment
  String append(int number, int order) {
    ask(() -> {
      sentAt[number] = System.nanoTime();
      sentTo[number] = order;
      return number;
    });
    return "#" + number + "#";
  }

  /// The followers of the orders from here on stop reading.
  void deafen(int fromOrder) {
    ask(() -> {
      clients.stream()
          .filter(client -> client.order >= fromOrder && client.isOpen && client.key.isValid())
          .forEach(client -> client.key.interestOps(0));
      return 0;
    });
  }

  /// The followers of some orders go away without a word: half by a reset, half by an end.
  void vanish(int fromOrder, int toOrder) {
    ask(() -> {
      clients.stream()
          .filter(client -> client.order >= fromOrder && client.order < toOrder)
          .filter(client -> client.isOpen && client.key.isValid())
          .forEach(client -> hangUp(client, client.hashCode() % 2 == 0));
      return 0;
    });
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
      for (Client client : clients) {
        if (client.channel != null) {
          client.channel.close();
        }
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed) {
        selector.select(this::read);
        for (Runnable wish = wishes.poll(); wish != null; wish = wishes.poll()) {
          wish.run();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void tell(Runnable wish) {
    wishes.add(wish);
    selector.wakeup();
  }

  private <T> T ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    tell(() -> {
      try {
        answer.complete(question.get());
      } catch (RuntimeException e) {
        answer.completeExceptionally(e);
      }
    });
    return answer.orTimeout(60, TimeUnit.SECONDS).join();
  }

  private void arrive() {
    try {
      while (!arriving.isEmpty() && connecting < CONNECTING) {
        Client client = arriving.removeFirst();
        connecting++;
        client.connect();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(SelectionKey key) {
    Client client = (Client) key.attachment();
    try {
      int read = client.channel.read(buffer.clear());
      if (read < 0) {
        hangUp(client, false);
        ended++;
      } else {
        client.take(buffer.flip());
      }
    } catch (IOException e) {
      hangUp(client, false);
      ended++;
    }
  }

  private void hangUp(Client client, boolean reset) {
    try {
      if (reset) {
        client.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
      client.channel.close();
      open -= client.isOpen ? 1 : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void received(Client client, int number) {
    long now = System.nanoTime();
    if (client.has.get(number)) {
      doubles++;
      return;
    }
    client.has.set(number);
    if (sentTo[number] != client.order) {
      astray++;
      return;
    }
    received[number]++;
    if (receipts == nanos.length) {
      nanos = Arrays.copyOf(nanos, receipts * 2);
    }
    nanos[receipts++] = now - sentAt[number];
  }

  /// One client: HTTP/1.1 with chunks (RFC 9112, 7.1), and in them events that end with an empty
  /// line.
  private final class Client {
    final int order;
    final BitSet has = new BitSet();
    SocketChannel channel;
    SelectionKey key;
    private final StringBuilder line = new StringBuilder();
    private StringBuilder event = new StringBuilder(0);
    private boolean isOpen;
    private int chunkLeft = -1; // -1: the line at hand says how long the next one is

    Client(int order) {
      this.order = order;
    }

    void connect() throws IOException {
      channel = SocketChannel.open();
      if (order >= attentive) {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4_096);
      }
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      String request =
          "GET /tracking/%s/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(orders.get(order), token.apply(orders.get(order)));
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      channel.configureBlocking(false);
      key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    void take(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining() && channel.isOpen()) {
        char next = (char) (bytes.get() & 0xff);
        if (!isOpen) {
          head(next);
        } else if (chunkLeft > 0) {
          chunkLeft = chunkLeft == 1 ? -1 : chunkLeft - 1;
          content(next);
        } else if (next == '\n') {
          chunkLeft = line.isEmpty() ? -1 : Integer.parseInt(line.toString(), 16);
          line.setLength(0);
        } else if (next != '\r') {
          line.append(next);
        }
      }
      if (event.isEmpty()) {
        event = new StringBuilder(0); // ten thousand wait, and few have something at hand
      }
    }

    private void head(char next) throws IOException {
      line.append(next);
      if (next == '\n' && line.length() > 4 && line.charAt(line.length() - 3) == '\n') {
        isOpen = line.indexOf("HTTP/1.1 200") == 0;
        line.setLength(0);
        connecting--;
        if (isOpen) {
          open++;
        } else {
          refused++;
          channel.close();
          arriving.addLast(this);
        }
        arrive();
      }
    }

    private void content(char next) {
      boolean ends = next == '\n' && !event.isEmpty() && event.charAt(event.length() - 1) == '\n';
      if (!ends) {
        event.append(next);
        return;
      }
      Matcher number = NUMBER.matcher(event);
      if (number.find()) {
        received(this, Integer.parseInt(number.group(1)));
      }
      event.setLength(0);
    }
  }
}
