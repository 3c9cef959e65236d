package com.telconova.shared.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the kernel of one socket of this process (tcp(7)): about a microsecond, whatever else the
/// machine has. Not thread-safe.
final class SocketOptions {
  private static final Logger log = LoggerFactory.getLogger(SocketOptions.class);

  // Linux: asm-generic/socket.h, linux/tcp.h, asm-generic/ioctls.h.
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_INFO = 11;
  private static final long SIOCINQ = 0x541B;
  private static final long SIOCOUTQ = 0x5411;

  // The beginning of struct tcp_info: the state is its first byte. Of a socket that listens, what
  // else is called unacknowledged are those who wait to be accepted.
  private static final int INFO_BYTES = 104;
  private static final int UNACKED = 24;

  private final MethodHandle getsockopt;
  private final MethodHandle ioctl;
  private final MemorySegment info = Arena.ofAuto().allocate(INFO_BYTES, Long.BYTES);
  private final MemorySegment length = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);
  private final MemorySegment number = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);

  private SocketOptions(MethodHandle getsockopt, MethodHandle ioctl) {
    this.getsockopt = getsockopt;
    this.ioctl = ioctl;
  }

  /// Empty where native calls are not allowed, or elsewhere than on Linux.
  @SuppressWarnings("restricted")
  static Optional<SocketOptions> open() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.empty();
    }
    try {
      Linker linker = Linker.nativeLinker();
      MethodHandle getsockopt =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("getsockopt"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS));
      MethodHandle ioctl =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("ioctl"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.ADDRESS),
              Linker.Option.firstVariadicArg(2));
      return Optional.of(new SocketOptions(getsockopt, ioctl));
    } catch (IllegalCallerException | UnsupportedOperationException e) {
      log.warn("No getsockopt: sockets are looked for in /proc/net/tcp", e);
      return Optional.empty();
    }
  }

  /// The state of a TCP socket, as the kernel numbers it from 1; 0 when it is none, or closed.
  int state(int descriptor) {
    length.set(ValueLayout.JAVA_INT, 0, INFO_BYTES);
    try {
      int failed = (int) getsockopt.invokeExact(descriptor, IPPROTO_TCP, TCP_INFO, info, length);
      return failed == 0 ? info.get(ValueLayout.JAVA_BYTE, 0) : 0;
    } catch (Throwable e) { // a method handle says that it throws anything
      return 0;
    }
  }

  /// Who waits to be accepted by the listening socket that was last asked for its state.
  int waitingToBeAccepted() {
    return info.get(ValueLayout.JAVA_INT, UNACKED);
  }

  /// Bytes that came and were not read.
  int received(int descriptor) {
    return queued(descriptor, SIOCINQ);
  }

  /// Bytes that were written and not acknowledged by the other side.
  int sent(int descriptor) {
    return queued(descriptor, SIOCOUTQ);
  }

  private int queued(int descriptor, long request) {
    try {
      int failed = (int) ioctl.invokeExact(descriptor, request, number);
      return failed == 0 ? number.get(ValueLayout.JAVA_INT, 0) : 0;
    } catch (Throwable e) { // a method handle says that it throws anything
      return 0;
    }
  }
}
