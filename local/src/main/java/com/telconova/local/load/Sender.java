package com.telconova.local.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/// The one thread that sends and receives: warm-up, measured part, and until the last answers are
/// there. Nothing in it waits but for the selector, and everything that waits in it has an end.
final class Sender implements Runnable {

  private static final long SECOND = 1_000_000_000L;
  private static final long REST = SECOND / 10; // of a client whose connection failed
  private static final long LOOK = SECOND / 20;
  private static final long FINEST_WAKE = 250_000;
  private static final int MAX_WAITING = 100_000;
  private static final int BUFFER = 256 * 1024;
  private static final Path SCHEDSTAT = Path.of("/proc/thread-self/schedstat");

  private final Arrival arrival;
  private final Script script;
  private final Limits limits;
  private final Tally tally;
  private final Operation[] wheel;
  private final Map<Operation, Pool> pools = new EnumMap<>(Operation.class);
  private final List<Pool> allPools = new ArrayList<>();
  private final Deque<Long> resting = new ArrayDeque<>();
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Selector selector;
  private final long begin;
  private final long measuredFrom;
  private final long measuredTo;
  private final int maxWaiting;

  private volatile long nextDue = Long.MAX_VALUE;
  private volatile boolean ended;
  private volatile boolean stopped;
  private volatile Thread clock;
  private volatile Own own = new Own(0, 0);
  private int turn;
  private long arrivals;
  private int underWay;
  private long clockCpu;

  /// How long is waited.
  ///
  /// @param connect for a connection
  /// @param answer for an answer, from when the request is sent
  /// @param backlog of an open loop: as many requests may wait for a connection as are due in this
  ///   time
  record Limits(Duration connect, Duration answer, Duration backlog) {
    static final Limits USUAL =
        new Limits(Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(10));
  }

  /// What the sender itself used in the measured part.
  ///
  /// @param waited how long it wanted a processor and had none, in nanoseconds
  record Own(long cpuNanos, long waited) {}

  /// Nothing is sent before [#run].
  ///
  /// @param addresses where the requests of a service go
  Sender(
      Profile profile,
      Map<String, List<java.net.URI>> addresses,
      Script script,
      Limits limits,
      Tally tally) {
    this.arrival = profile.arrival();
    this.script = script;
    this.limits = limits;
    this.tally = tally;
    this.wheel = wheel(profile.mix());
    var byAddress = new HashMap<List<java.net.URI>, Pool>();
    for (var operation : profile.mix().weights().keySet()) {
      pools.put(
          operation,
          byAddress.computeIfAbsent(
              addresses.get(operation.service()),
              uris -> {
                var pool = new Pool(uris);
                allPools.add(pool);
                return pool;
              }));
    }
    maxWaiting =
        switch (arrival) {
          case Arrival.Open open ->
              (int)
                  Math.clamp(
                      limits.backlog().toMillis() / 1e3 * open.perSecond(), 1.0, MAX_WAITING);
          case Arrival.Closed _ -> 0;
        };
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    begin = System.nanoTime();
    measuredFrom = begin + profile.warmUp().toNanos();
    measuredTo = measuredFrom + profile.duration().toNanos();
  }

  /// When the measured part begins, of [System#nanoTime].
  long measuredFrom() {
    return measuredFrom;
  }

  /// When it ends.
  long measuredTo() {
    return measuredTo;
  }

  /// What it used itself; known when [#run] has ended.
  Own own() {
    return own;
  }

  /// Ends [#run] as soon as may be.
  void stop() {
    stopped = true;
    selector.wakeup();
  }

  @Override
  public void run() {
    try {
      if (arrival instanceof Arrival.Open) {
        nextDue = begin;
        clock = Thread.ofPlatform().daemon().name("load-clock").start(this::tick);
      } else {
        for (int i = 0; i < arrival.atOnce(); i++) {
          resting.add(begin);
        }
      }
      loop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      ended = true;
      LockSupport.unpark(clock);
      allPools.forEach(pool -> pool.open.forEach(Connection::close));
      try {
        selector.close();
      } catch (IOException e) {
        // Nothing is left in it.
      }
    }
  }

  private void loop() throws IOException {
    long giveUp = measuredTo + limits.answer().toNanos();
    long looked = begin;
    Own before = null;
    Own after = null;
    while (!stopped) {
      long now = System.nanoTime();
      if (before == null && now >= measuredFrom) {
        before = use();
      }
      if (after == null && now >= measuredTo) {
        after = use();
        own = new Own(after.cpuNanos() - before.cpuNanos(), after.waited() - before.waited());
      }
      if (now < measuredTo) {
        beginWith(now);
      } else if (underWay == 0 || now >= giveUp) {
        giveUpWaiting(now);
        return;
      }
      if (now - looked >= LOOK) {
        looked = now;
        lookForTimeouts(now);
      }
      long until = Math.min(LOOK, Math.max(0, resting.isEmpty() ? LOOK : resting.peek() - now));
      if (before == null) {
        until = Math.min(until, Math.max(0, measuredFrom - now));
      }
      selector.select(Math.max(1, (until + 999_999) / 1_000_000));
      var selected = selector.selectedKeys();
      for (var key : selected) {
        attend(key);
      }
      selected.clear();
      tally.underWay.lazySet(underWay);
    }
  }

  // select() knows milliseconds only, and turning in a circle instead would take a processor from
  // those that are measured.
  private void tick() {
    while (!ended) {
      long left = nextDue - System.nanoTime();
      if (left > 0) {
        LockSupport.parkNanos(Math.min(left, SECOND));
      } else {
        selector.wakeup();
        LockSupport.parkNanos(FINEST_WAKE);
      }
      clockCpu = threads.getCurrentThreadCpuTime();
    }
  }

  private void beginWith(long now) {
    switch (arrival) {
      case Arrival.Open open -> {
        long due = nextDue;
        while (due <= now && due < measuredTo) {
          start(new Request(next(), due));
          arrivals++;
          due = begin + (long) (arrivals * (SECOND / open.perSecond()));
        }
        nextDue = due;
      }
      case Arrival.Closed _ -> {
        while (!resting.isEmpty() && resting.peek() <= now) {
          resting.poll();
          start(new Request(next(), System.nanoTime()));
        }
      }
    }
  }

  private Operation next() {
    turn = (turn + 1) % wheel.length;
    return wheel[turn];
  }

  private void start(Request request) {
    underWay++;
    if (isMeasured(request)) {
      tally.sent(request.operation);
    }
    var pool = pools.get(request.operation);
    var free = pool.idle.poll();
    if (free != null) {
      noteLate(request);
      send(free, request);
    } else if (pool.open.size() < arrival.atOnce()) {
      noteLate(request);
      connect(pool, request);
    } else if (pool.waiting.size() < maxWaiting) {
      if (isMeasured(request)) {
        tally.waited++;
      }
      pool.waiting.add(request);
    } else {
      giveUp(request);
    }
  }

  private void noteLate(Request request) {
    if (arrival instanceof Arrival.Open && isMeasured(request)) {
      tally.late.recordValue(Math.clamp(System.nanoTime() - request.due, 0, 60 * SECOND));
    }
  }

  private void connect(Pool pool, Request request) {
    request.sent = System.nanoTime();
    try {
      var connection = new Connection(pool, pool.nextAddress(), selector);
      pool.open.add(connection);
      connection.request = request;
      if (connection.connected) {
        send(connection, request);
      }
    } catch (IOException e) {
      fail(request, "connection");
    }
  }

  private void send(Connection connection, Request request) {
    connection.request = request;
    out.clear();
    request.sent = System.nanoTime();
    request.about = script.write(request.operation, connection.host, out);
    if (request.about == null) {
      connection.request = null;
      connection.pool.idle.add(connection);
      giveUp(request);
      return;
    }
    request.written = true;
    connection.parser.begin();
    try {
      connection.send(out.flip());
    } catch (IOException e) {
      drop(connection);
      fail(request, "closed");
    }
  }

  private void attend(SelectionKey key) {
    var connection = (Connection) key.attachment();
    if (!key.isValid()) {
      return;
    }
    if (!connection.connected) {
      finishConnect(connection);
      return;
    }
    try {
      if (key.isWritable()) {
        connection.sendMore();
      }
      if (key.isReadable()) {
        receive(connection);
      }
    } catch (Malformed e) {
      lose(connection, "malformed");
    } catch (IOException e) {
      lose(connection, "closed");
    }
  }

  private void finishConnect(Connection connection) {
    try {
      connection.channel.finishConnect();
      connection.connected = true;
      connection.key.interestOps(SelectionKey.OP_READ);
      send(connection, connection.request);
    } catch (IOException e) {
      lose(connection, "connection");
    }
  }

  private void receive(Connection connection) throws IOException {
    in.clear();
    int count = connection.channel.read(in);
    var request = connection.request;
    if (request == null) {
      // Between two requests a server says nothing, but it may leave.
      drop(connection);
      if (count > 0) {
        tally.failed.lazySet(tally.failed.get() + 1);
      }
      takeWaiting(connection.pool);
      return;
    }
    boolean complete = count < 0 ? connection.parser.end() : connection.parser.read(in.flip());
    if (complete) {
      if (in.hasRemaining() && count >= 0) {
        throw new Malformed("more than one answer");
      }
      answered(connection, request, count < 0 || connection.parser.closes());
    } else if (count < 0) {
      lose(connection, "closed");
    } else if (request.operation == Operation.STREAM && connection.parser.hasBody()) {
      answered(connection, request, true); // it has no end of its own
    }
  }

  private void answered(Connection connection, Request request, boolean leave) {
    long now = System.nanoTime();
    int status = connection.parser.status();
    boolean good = status == request.operation.expected();
    connection.request = null;
    if (leave) {
      drop(connection);
    } else {
      connection.pool.idle.add(connection);
    }
    tally.answered.lazySet(tally.answered.get() + 1);
    if (good) {
      if (now >= measuredFrom && now < measuredTo) {
        tally.goodInTime(request.operation);
      }
      if (isMeasured(request)) {
        tally.good(request.operation, now - request.due, now - request.sent);
      }
      tally.recent.recordValue(Math.min(now - request.due, 60 * SECOND));
    } else {
      note(request, Integer.toString(status));
    }
    script.ended(request.operation, request.about, good, connection.parser.location());
    ended(now);
    takeWaiting(connection.pool);
  }

  // Of a closed loop its client goes on.
  private void ended(long resume) {
    underWay--;
    if (arrival instanceof Arrival.Closed) {
      if (resume <= System.nanoTime() && resume < measuredTo) {
        resting.addFirst(resume);
      } else {
        resting.addLast(resume);
      }
    }
  }

  private void takeWaiting(Pool pool) {
    while (!pool.waiting.isEmpty()) {
      var free = pool.idle.poll();
      if (free != null) {
        send(free, pool.waiting.poll());
      } else if (pool.open.size() < arrival.atOnce()) {
        connect(pool, pool.waiting.poll());
      } else {
        return;
      }
    }
  }

  private void lose(Connection connection, String kind) {
    drop(connection);
    var request = connection.request;
    connection.request = null;
    if (request != null) {
      fail(request, kind);
    }
    takeWaiting(connection.pool);
  }

  private void drop(Connection connection) {
    connection.close();
    connection.pool.open.remove(connection);
    connection.pool.idle.remove(connection);
  }

  private void fail(Request request, String kind) {
    note(request, kind);
    release(request);
    ended(System.nanoTime() + REST);
  }

  private void note(Request request, String kind) {
    tally.failed.lazySet(tally.failed.get() + 1);
    if (isMeasured(request)) {
      tally.failed(request.operation, kind);
    }
  }

  private void release(Request request) {
    if (request.written) {
      script.ended(request.operation, request.about, false, null);
    }
  }

  private void giveUp(Request request) {
    tally.failed.lazySet(tally.failed.get() + 1);
    if (isMeasured(request)) {
      tally.notSent++;
    }
    ended(System.nanoTime() + REST);
  }

  private void giveUpWaiting(long now) {
    for (var pool : allPools) {
      pool.waiting.forEach(this::giveUp);
      pool.waiting.clear();
      for (var connection : List.copyOf(pool.open)) {
        if (connection.request != null) {
          timeOut(connection, now);
        }
      }
    }
  }

  private void lookForTimeouts(long now) {
    for (var pool : allPools) {
      var late = new ArrayList<Connection>();
      for (var connection : pool.open) {
        var limit = connection.connected ? limits.answer() : limits.connect();
        if (connection.request != null && now - connection.request.sent > limit.toNanos()) {
          late.add(connection);
        }
      }
      late.forEach(connection -> timeOut(connection, now));
      takeWaiting(pool);
    }
  }

  private void timeOut(Connection connection, long now) {
    var request = connection.request;
    connection.request = null;
    drop(connection);
    tally.failed.lazySet(tally.failed.get() + 1);
    if (isMeasured(request)) {
      tally.timedOut(request.operation, now - request.due, now - request.sent);
    }
    release(request);
    ended(now);
  }

  private boolean isMeasured(Request request) {
    return request.due >= measuredFrom && request.due < measuredTo;
  }

  private Own use() {
    return new Own(threads.getCurrentThreadCpuTime() + clockCpu, waitedForProcessor());
  }

  // The second number: time spent waiting on a run queue.
  private static long waitedForProcessor() {
    try {
      return Long.parseLong(Files.readString(SCHEDSTAT).split(" ")[1]);
    } catch (IOException | RuntimeException notTold) {
      return 0;
    }
  }

  // Proportions hold exactly in each turn; the order within is always the same chance.
  private static Operation[] wheel(Mix mix) {
    var all = new ArrayList<Operation>(mix.sum());
    mix.weights()
        .forEach((operation, weight) -> all.addAll(Collections.nCopies(weight, operation)));
    Collections.shuffle(all, new Random(1));
    return all.toArray(Operation[]::new);
  }
}
