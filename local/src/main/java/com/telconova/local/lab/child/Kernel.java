package com.telconova.local.lab.child;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// The few system calls that Java has no method for (Linux, 64 bits), by `java.lang.foreign`.
public final class Kernel {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout ADDRESS = ValueLayout.ADDRESS;
  private static final int O_RDONLY = 0;
  private static final int POSIX_FADV_DONTNEED = 4;
  private static final int RLIMIT_NOFILE = 7;
  private static final int CPU_SET_LONGS = 16;
  private static final int PAGE = 4096;

  private Kernel() {}

  /// Lets the calling platform thread, and those that it starts, run on one processor only:
  /// `sched_setaffinity(2)`.
  ///
  /// @return whether the kernel agreed
  public static boolean pinTo(int processor) {
    try (var arena = Arena.ofConfined()) {
      var mask = arena.allocate(LONG, CPU_SET_LONGS);
      mask.setAtIndex(LONG, processor / Long.SIZE, 1L << processor % Long.SIZE);
      return (int)
              function("sched_setaffinity", INT, LONG, ADDRESS)
                  .invokeExact(0, mask.byteSize(), mask)
          == 0;
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /// The first processor that the calling thread may run on: `sched_getaffinity(2)`; 0 when the
  /// kernel does not tell.
  public static int firstProcessor() {
    try (var arena = Arena.ofConfined()) {
      var mask = arena.allocate(LONG, CPU_SET_LONGS);
      int result =
          (int)
              function("sched_getaffinity", INT, LONG, ADDRESS)
                  .invokeExact(0, mask.byteSize(), mask);
      for (int i = 0; result >= 0 && i < CPU_SET_LONGS; i++) {
        long bits = mask.getAtIndex(LONG, i);
        if (bits != 0) {
          return i * Long.SIZE + Long.numberOfTrailingZeros(bits);
        }
      }
      return 0;
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /// Asks the kernel to forget what it keeps of a file in memory: `posix_fadvise(2)`. What has not
  /// reached the disk stays.
  public static void forget(Path file) {
    try (var arena = Arena.ofConfined()) {
      var open = function("open", ADDRESS, INT);
      int descriptor = (int) open.invokeExact(arena.allocateFrom(file.toString()), O_RDONLY);
      if (descriptor < 0) {
        throw new IllegalStateException(file + " cannot be opened");
      }
      int failed =
          (int)
              function("posix_fadvise", INT, LONG, LONG, INT)
                  .invokeExact(descriptor, 0L, 0L, POSIX_FADV_DONTNEED);
      int closed = (int) function("close", INT).invokeExact(descriptor);
      if (failed != 0 || closed != 0) {
        throw new IllegalStateException("posix_fadvise says " + failed);
      }
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /// How much of a mapped file is in memory: `mincore(2)`.
  ///
  /// @return from 0 to 1
  public static double resident(MemorySegment mapped) {
    try (var arena = Arena.ofConfined()) {
      long pages = (mapped.byteSize() + PAGE - 1) / PAGE;
      var vector = arena.allocate(pages);
      int failed =
          (int)
              function("mincore", ADDRESS, LONG, ADDRESS)
                  .invokeExact(mapped, mapped.byteSize(), vector);
      if (failed != 0) {
        throw new IllegalStateException("mincore fails");
      }
      long there = 0;
      for (long i = 0; i < pages; i++) {
        there += vector.get(ValueLayout.JAVA_BYTE, i) & 1;
      }
      return (double) there / pages;
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /// Sets how many descriptors another process may have open, its hard limit left as it is:
  /// `prlimit(2)`.
  ///
  /// @return the limit that it had
  public static long limitDescriptors(long pid, long limit) {
    try (var arena = Arena.ofConfined()) {
      var call = function("prlimit", INT, INT, ADDRESS, ADDRESS);
      var old = arena.allocate(LONG, 2);
      int first = (int) call.invokeExact((int) pid, RLIMIT_NOFILE, MemorySegment.NULL, old);
      var wanted = arena.allocate(LONG, 2);
      wanted.setAtIndex(LONG, 0, limit);
      wanted.setAtIndex(LONG, 1, old.getAtIndex(LONG, 1));
      int second = (int) call.invokeExact((int) pid, RLIMIT_NOFILE, wanted, MemorySegment.NULL);
      if (first != 0 || second != 0) {
        throw new IllegalStateException("prlimit of " + pid + " to " + limit + " fails");
      }
      return old.getAtIndex(LONG, 0);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /// A function of the C library that returns an int.
  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, ValueLayout... parameters) {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(INT, parameters));
  }

  private static RuntimeException failed(Throwable e) { // a method handle says that it throws any
    return e instanceof RuntimeException known ? known : new IllegalStateException(e);
  }
}
