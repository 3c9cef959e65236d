package com.telconova.shared.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.telconova.shared.testing.Checkout;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Something is done to this very process, and the metric that should tell of it moves, by as much.
final class StressIT {
  private static final int MEBIBYTE = 1 << 20;
  private static final int PAGE = 4096;

  private final Metrics metrics = Metrics.ofThisProcess();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Path folder;

  @BeforeEach
  void onLinux() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc here");
    folder = Checkout.find().scratch("os");
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
    Checkout.delete(folder);
  }

  @Test
  void spinning_is_user_time_and_system_calls_are_system_time() throws IOException {
    double user = metrics.of("process_cpu_seconds_total", "mode", "user");
    double system = metrics.of("process_cpu_seconds_total", "mode", "system");

    Stress.until(() -> {
      Stress.spin();
      return metrics.of("process_cpu_seconds_total", "mode", "user") - user > 0.2;
    });
    var zeroes = new byte[MEBIBYTE];
    try (InputStream zero = Files.newInputStream(Path.of("/dev/zero"))) {
      Stress.until(() -> {
        read(zero, zeroes);
        return metrics.of("process_cpu_seconds_total", "mode", "system") - system > 0.2;
      });
    }
  }

  @Test
  void touched_memory_is_resident_anonymous_and_a_fault_a_page() {
    double faults = metrics.of("process_page_faults_total", "type", "minor");
    double anonymous = memory("anonymous");
    double rss = memory("rss");
    double tables = memory("page_tables");
    double virtual = memory("virtual");

    try (Arena arena = Arena.ofConfined()) {
      // New mappings each: nothing that the allocator has at hand.
      long bytes = 64L * MEBIBYTE;
      MemorySegment segment = arena.allocate(bytes);
      segment.fill((byte) 1);

      assertThat(metrics.of("process_page_faults_total", "type", "minor") - faults)
          .isGreaterThan(bytes / PAGE * 0.95);
      assertThat(memory("anonymous") - anonymous).isCloseTo(bytes, within(16.0 * MEBIBYTE));
      assertThat(memory("rss") - rss).isCloseTo(bytes, within(24.0 * MEBIBYTE));
      assertThat(memory("page_tables") - tables).isGreaterThan(bytes / 512 * 0.9);
      assertThat(memory("virtual") - virtual).isGreaterThan(bytes * 0.9);
      assertThat(memory("peak_rss")).isGreaterThanOrEqualTo(memory("rss") - MEBIBYTE);

      // Walked anew, as ten seconds later, it is ours alone.
      Metrics later = Metrics.ofThisProcess();
      double pss = later.of("process_memory_bytes", "type", "pss");
      assertThat(later.of("process_memory_bytes", "type", "uss"))
          .isGreaterThan(anonymous + bytes * 0.9)
          .isLessThanOrEqualTo(pss);
      assertThat(pss).isLessThanOrEqualTo(memory("rss") + 8 * MEBIBYTE);
    }

    assertThat(memory("anonymous") - anonymous).isLessThan(32.0 * MEBIBYTE);
  }

  @Test
  void a_file_that_is_mapped_and_touched_is_memory_of_a_file() throws IOException {
    Path file = file("mapped", 32 * MEBIBYTE);
    double before = memory("file");
    double shared = memory("shmem");

    try (Arena arena = Arena.ofConfined()) {
      touch(file, arena);
      assertThat(memory("file") - before).isCloseTo(32.0 * MEBIBYTE, within(8.0 * MEBIBYTE));
    }

    Path inMemory = Files.createTempFile(Path.of("/dev/shm"), "os", "");
    open.add(() -> Files.delete(inMemory));
    Files.write(inMemory, new byte[16 * MEBIBYTE]);
    try (Arena arena = Arena.ofConfined()) {
      touch(inMemory, arena);
      assertThat(memory("shmem") - shared).isCloseTo(16.0 * MEBIBYTE, within(2.0 * MEBIBYTE));
    }
  }

  @Test
  void what_is_not_in_the_cache_is_a_major_fault_and_read_from_disk() throws Exception {
    Path file = file("cold", 16 * MEBIBYTE);
    forget(file);
    double faults = metrics.of("process_page_faults_total", "type", "major");
    double disk = io("read", "disk");

    try (Arena arena = Arena.ofConfined()) {
      touch(file, arena);
    }

    assumeTrue(io("read", "disk") > disk, "the disk is memory here");
    assertThat(metrics.of("process_page_faults_total", "type", "major") - faults).isPositive();
    assertThat(io("read", "disk") - disk).isGreaterThan(12.0 * MEBIBYTE);
  }

  @Test
  void bytes_and_calls_are_counted_where_they_pass() throws IOException {
    double written = io("write", "syscall");
    double disk = io("write", "disk");
    double cancelled = io("write_cancelled", "disk");
    double read = io("read", "syscall");
    double writes = metrics.of("process_io_syscalls_total", "op", "write");
    double reads = metrics.of("process_io_syscalls_total", "op", "read");

    Path path = folder.resolve("written");
    var chunk = new byte[PAGE];
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      for (int i = 0; i < 2048; i++) {
        file.write(chunk);
      }
      assertThat(io("write", "syscall") - written)
          .isCloseTo(8.0 * MEBIBYTE, within(1.0 * MEBIBYTE));
      assertThat(metrics.of("process_io_syscalls_total", "op", "write") - writes)
          .isBetween(2048.0, 2500.0);
      assertThat(io("write", "disk") - disk).isGreaterThanOrEqualTo(7.9 * MEBIBYTE);
      file.setLength(0); // before it was written back
      assertThat(io("write_cancelled", "disk") - cancelled).isPositive();

      file.write(new byte[MEBIBYTE]);
      file.seek(0);
      double scrapes = io("read", "syscall");
      for (int i = 0; i < 256; i++) {
        file.readFully(chunk);
      }
      assertThat(io("read", "syscall") - scrapes).isGreaterThanOrEqualTo(MEBIBYTE);
    }
    assertThat(metrics.of("process_io_syscalls_total", "op", "read") - reads).isGreaterThan(256);
    double onDisk = io("write", "disk");
    double byCalls = io("write", "syscall");
    Files.write(Path.of("/dev/null"), new byte[4 * MEBIBYTE]);
    assertThat(io("write", "syscall") - byCalls).isGreaterThanOrEqualTo(4 * MEBIBYTE);
    assertThat(io("write", "disk") - onDisk).isLessThan(MEBIBYTE);
    assertThat(io("read", "syscall")).isGreaterThan(read);
  }

  @Test
  void a_storm_of_sleeps_is_voluntary_switches_that_the_first_thread_knows_nothing_of()
      throws IOException {
    double before = metrics.of("process_context_switches_total", "type", "voluntary");
    long leader = leadersSwitches();

    try (var _ = Stress.platform("sleepstorm", 10, () -> LockSupport.parkNanos(200_000))) {
      Stress.until(
          () -> metrics.of("process_context_switches_total", "type", "voluntary") - before > 3_000);

      double named =
          metrics.of(
              "process_thread_context_switches_total", "thread", "sleepstorm", "type", "voluntary");
      assertThat(named).isGreaterThan(2_000);
      await()
          .untilAsserted(() ->
              assertThat(metrics.of("process_thread_count", "thread", "sleepstorm")).isEqualTo(10));
    }

    assertThat(leadersSwitches() - leader).isLessThan(500);
  }

  @Test
  void more_threads_that_want_to_run_than_processors_wait_for_them() {
    double switches = metrics.of("process_context_switches_total", "type", "involuntary");
    double waited = metrics.of("process_runqueue_wait_seconds_total");
    double stalled = stalled("system");
    int threads = Runtime.getRuntime().availableProcessors() + 4;
    double after;

    try (var _ = Stress.platform("crowd", threads, Stress::spin)) {
      Stress.until(() ->
          metrics.of("process_context_switches_total", "type", "involuntary") - switches > 20
              && metrics.of("process_runqueue_wait_seconds_total") - waited > 0.5
              && !(stalled("system") - stalled < 0.2)
              && metrics.of("process_thread_cpu_seconds_total", "thread", "crowd", "mode", "user")
                  > 0.2);
      assertThat(metrics.sum("process_threads", "state", "running"))
          .isGreaterThanOrEqualTo(threads);
      assertThat(metrics.of("process_thread_runqueue_wait_seconds_total", "thread", "crowd"))
          .isGreaterThan(0.3);
      after = metrics.of("process_runqueue_wait_seconds_total");
    }

    // They have ended, and what the kernel knew of them with them.
    assertThat(metrics.of("process_runqueue_wait_seconds_total")).isGreaterThanOrEqualTo(after);
    await()
        .untilAsserted(
            () -> assertThat(metrics.of("process_thread_count", "thread", "crowd")).isZero());
  }

  @Test
  void threads_that_wait_sleep_and_say_where() {
    double before = metrics.of("process_threads", "kind", "platform", "state", "sleeping");
    double places = metrics.sum("process_threads_wchan");

    try (var _ = Stress.platform("waiting", 20, () -> LockSupport.parkNanos(5_000_000_000L))) {
      await()
          .untilAsserted(() ->
              assertThat(
                      metrics.of("process_threads", "kind", "platform", "state", "sleeping")
                          - before)
                  .isCloseTo(20, within(5.0)));
      assertThat(metrics.sum("process_threads_wchan") - places).isCloseTo(20, within(5.0));
    }
  }

  @Test
  void virtual_threads_that_run_are_mounted_and_those_that_cannot_are_queued() {
    int processors = Runtime.getRuntime().availableProcessors();

    try (var _ = Stress.virtual(processors + 30, Stress::spin)) {
      await()
          .untilAsserted(() -> {
            assertThat(metrics.of("process_threads", "kind", "virtual", "state", "mounted"))
                .isEqualTo(processors);
            assertThat(metrics.of("process_threads", "kind", "virtual", "state", "queued"))
                .isCloseTo(30, within(5.0));
            assertThat(metrics.sum("process_threads", "kind", "carrier"))
                .isBetween((double) processors, processors + 2.0);
          });
      assertThat(metrics.of("jvm_virtual_thread_scheduler_parallelism")).isEqualTo(processors);
    }
  }

  @Test
  void a_thread_that_reads_and_touches_is_known_by_its_name() throws IOException {
    Path file = file("read", MEBIBYTE);

    try (var _ =
        Stress.platform(
            "reader",
            1,
            () -> {
              try (Arena arena = Arena.ofConfined()) {
                Files.readAllBytes(file);
                touch(file, arena);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            })) {
      Stress.until(() ->
          metrics.of("process_thread_io_bytes_total", "thread", "reader", "op", "read")
                  > 8 * MEBIBYTE
              && metrics.of("process_thread_page_faults_total", "thread", "reader", "type", "minor")
                  > 1_000);
    }
  }

  @Test
  void descriptors_are_counted_by_their_kind() throws IOException {
    double files = fds("file");
    double pipes = fds("pipe");
    double polls = fds("eventpoll");
    double sockets = fds("socket");
    double others = fds("other");
    Path file = file("open", 1);

    for (int i = 0; i < 50; i++) {
      open.add(Files.newInputStream(file));
    }
    for (int i = 0; i < 5; i++) {
      Pipe pipe = Pipe.open();
      open.add(pipe.sink());
      open.add(pipe.source());
      open.add(Selector.open());
      open.add(new DatagramSocket());
    }

    assertThat(fds("file") - files).isCloseTo(50, within(3.0));
    assertThat(fds("pipe") - pipes).isEqualTo(10);
    assertThat(fds("eventpoll") - polls).isEqualTo(5);
    assertThat(fds("socket") - sockets).isCloseTo(5, within(2.0));
    assertThat(fds("other") - others).isEqualTo(5); // an eventfd wakes each selector
    assertThat(metrics.of("process_max_fds")).isGreaterThan(metrics.sum("process_fds"));
    double total = metrics.sum("process_fds");
    for (AutoCloseable one : open) {
      close(one);
    }
    open.clear();
    assertThat(total - metrics.sum("process_fds")).isCloseTo(75, within(5.0));
  }

  @Test
  void sockets_are_counted_by_their_state_with_what_waits_in_them() throws Exception {
    double listening = sockets("listen");
    double established = sockets("established");
    double closeWait = sockets("close_wait");
    double finWait = sockets("fin_wait2");
    double notTcp = sockets("not_tcp");
    double receiving = queued("receive");
    double sending = queued("send");
    double waiting = metrics.of("process_accept_queue_connections");

    var server = add(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    var clients = new ArrayList<Socket>();
    for (int i = 0; i < 6; i++) {
      clients.add(add(new Socket(server.getInetAddress(), server.getLocalPort())));
    }
    assertThat(sockets("listen") - listening).isEqualTo(1);
    assertThat(metrics.of("process_accept_queue_connections") - waiting).isEqualTo(6);

    var accepted = new ArrayList<Socket>();
    for (int i = 0; i < 6; i++) {
      accepted.add(add(server.accept()));
    }
    assertThat(metrics.of("process_accept_queue_connections") - waiting).isZero();
    assertThat(sockets("established") - established).isEqualTo(12);

    clients.get(0).getOutputStream().write(new byte[1_000]);
    await().untilAsserted(() -> assertThat(queued("receive") - receiving).isEqualTo(1_000));

    // Nobody reads: what does not fit into the other side's buffer waits in ours.
    SocketChannel writer =
        add(
            SocketChannel.open(
                new InetSocketAddress(server.getInetAddress(), server.getLocalPort())));
    add(server.accept());
    writer.configureBlocking(false);
    var bytes = ByteBuffer.allocate(MEBIBYTE);
    while (writer.write(bytes.clear()) > 0) {
      continue;
    }
    assertThat(queued("send") - sending).isGreaterThan(10_000);

    clients.get(1).shutdownOutput();
    await().untilAsserted(() -> assertThat(sockets("close_wait") - closeWait).isEqualTo(1));
    assertThat(sockets("fin_wait2") - finWait).isEqualTo(1);

    add(new DatagramSocket());
    assertThat(sockets("not_tcp") - notTcp).isEqualTo(1);
  }

  @Test
  void what_each_socket_says_is_what_the_kernels_list_says() throws Exception {
    var server = add(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    for (int i = 0; i < 20; i++) {
      add(new Socket(server.getInetAddress(), server.getLocalPort()));
      Socket here = add(server.accept());
      if (i % 2 == 0) {
        here.getOutputStream().write(new byte[100]);
      }
      if (i % 4 == 0) {
        here.shutdownOutput();
      }
    }

    Metrics fromList = Metrics.of(ProcessHandle.current().pid());

    await()
        .untilAsserted(() -> {
          for (String state :
              List.of("established", "listen", "close_wait", "fin_wait2", "syn_sent")) {
            assertThat(fromList.of("process_sockets", "state", state)).isEqualTo(sockets(state));
          }
          // The list counts an end that was not read as a byte, on whichever socket it came.
          assertThat(fromList.of("process_socket_queue_bytes", "direction", "receive"))
              .isBetween(queued("receive"), queued("receive") + sockets("close_wait"));
        });
    assertThat(sockets("close_wait")).isGreaterThanOrEqualTo(5);
  }

  @Test
  void a_queue_that_is_full_overflows_and_whoever_comes_tries_again() throws IOException {
    double overflows = metrics.of("network_namespace_tcp_listen_overflows_total");
    double again = metrics.of("network_namespace_tcp_retransmitted_segments_total");
    double trying = sockets("syn_sent");
    var server = add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));

    for (int i = 0; i < 8; i++) {
      SocketChannel client = add(SocketChannel.open());
      client.configureBlocking(false);
      client.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
    }

    assertThat(sockets("syn_sent") - trying).isPositive();
    await()
        .untilAsserted(() -> {
          assertThat(metrics.of("network_namespace_tcp_listen_overflows_total") - overflows)
              .isPositive();
          assertThat(metrics.of("network_namespace_tcp_retransmitted_segments_total") - again)
              .isPositive();
        });
  }

  @Test
  void bytes_over_loopback_are_counted_in_the_network_namespace() throws Exception {
    double sent = network("transmit");
    double received = network("receive");
    double inUse = metrics.of("network_namespace_tcp_sockets", "state", "inuse");
    var server = add(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()));
    Socket client = add(new Socket(server.getInetAddress(), server.getLocalPort()));
    Socket accepted = add(server.accept());

    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                client.getOutputStream().write(new byte[4 * MEBIBYTE]);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    accepted.getInputStream().readNBytes(4 * MEBIBYTE);
    writer.join();

    assertThat(network("transmit") - sent).isGreaterThanOrEqualTo(4 * MEBIBYTE);
    assertThat(network("receive") - received).isGreaterThanOrEqualTo(4 * MEBIBYTE);
    assertThat(metrics.of("network_namespace_tcp_sockets", "state", "inuse")).isPositive();
    assertThat(inUse).isNotNaN();

    // Who closes first keeps the connection in mind for a minute, when no process has it any more.
    double timeWait = metrics.of("network_namespace_tcp_sockets", "state", "time_wait");
    for (int i = 0; i < 50; i++) {
      Socket one = new Socket(server.getInetAddress(), server.getLocalPort());
      Socket other = server.accept();
      one.close();
      other.close();
    }
    await()
        .untilAsserted(() ->
            assertThat(metrics.of("network_namespace_tcp_sockets", "state", "time_wait") - timeWait)
                .isGreaterThan(10));
  }

  private <T extends AutoCloseable> T add(T one) {
    open.add(one);
    return one;
  }

  private double memory(String type) {
    return metrics.of("process_memory_bytes", "type", type);
  }

  private double io(String op, String layer) {
    return metrics.of("process_io_bytes_total", "op", op, "layer", layer);
  }

  private double fds(String kind) {
    return metrics.of("process_fds", "kind", kind);
  }

  private double sockets(String state) {
    return metrics.of("process_sockets", "state", state);
  }

  private double queued(String direction) {
    return metrics.of("process_socket_queue_bytes", "direction", direction);
  }

  private double network(String direction) {
    return metrics.of("network_namespace_bytes_total", "interface", "lo", "direction", direction);
  }

  /// NaN where the kernel does not tell.
  private double stalled(String scope) {
    return metrics.of(
        "pressure_stall_seconds_total", "resource", "cpu", "kind", "some", "scope", scope);
  }

  private Path file(String name, int bytes) throws IOException {
    return Files.write(folder.resolve(name), new byte[bytes]);
  }

  private static void touch(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      long sum = 0;
      // Backwards, so that the kernel cannot guess what comes next and read it ahead.
      for (long at = mapped.byteSize() - PAGE; at >= 0; at -= PAGE) {
        sum += mapped.get(ValueLayout.JAVA_BYTE, at);
      }
      assertThat(sum).isZero();
    }
  }

  /// Writes a file back and lets the kernel drop it from its cache (dd(1), nocache).
  private static void forget(Path file) throws Exception {
    Process dd =
        new ProcessBuilder("dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0")
            .redirectErrorStream(true)
            .start();
    dd.getInputStream().readAllBytes();
    assumeTrue(dd.waitFor() == 0, "no dd that knows nocache");
  }

  private static long leadersSwitches() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("voluntary_ctxt_switches:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }

  private static void read(InputStream in, byte[] bytes) {
    try {
      in.read(bytes);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void close(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
