package com.telconova.shared.os;

import java.io.File;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How much of the processor a thread asks for beside others: `setpriority(2)`. Java's own thread
/// priorities have no effect on Linux unless the whole JVM is started as root for it.
public final class Niceness {
  private static final Logger log = LoggerFactory.getLogger(Niceness.class);
  private static final int PRIO_PROCESS = 0;
  private static final int CALLER = 0;

  private Niceness() {}

  /// Lets the calling platform thread give way: while others want the processor, one of niceness 10
  /// gets about a tenth of what they get, and all of it when they do not. Linux takes the caller's
  /// thread, POSIX its process: elsewhere than on Linux nothing happens. There is no way back,
  /// which would take a privilege.
  ///
  /// @param niceness 0 to 19
  public static void giveWay(int niceness) {
    if (!System.getProperty("os.name").equals("Linux")) {
      return;
    }
    try {
      int failed = (int) setpriority().invokeExact(PRIO_PROCESS, CALLER, niceness);
      if (failed != 0) {
        log.warn("The niceness of {} stays as it is", Thread.currentThread().getName());
      }
    } catch (Throwable e) { // a method handle says that it throws anything
      log.warn("The niceness of {} stays as it is", Thread.currentThread().getName(), e);
    }
  }

  /// Lets the optimising compiler of this JVM give way to what it compiles: while a process starts,
  /// it wants as much of the processor as all else together.
  ///
  /// @param niceness 0 to 19
  public static void ofOptimisingCompiler(int niceness) {
    File[] tasks = new File("/proc/self/task").listFiles();
    if (tasks == null) {
      return;
    }
    try {
      MethodHandle setpriority = setpriority();
      for (File task : tasks) {
        if (Files.readString(task.toPath().resolve("comm")).startsWith("C2 Compiler")) {
          int id = Integer.parseInt(task.getName());
          int failed = (int) setpriority.invokeExact(PRIO_PROCESS, id, niceness);
          if (failed != 0) {
            log.warn("The niceness of the optimising compiler stays as it is");
          }
        }
      }
    } catch (Throwable e) { // a method handle says that it throws anything
      log.warn("The niceness of the optimising compiler stays as it is", e);
    }
  }

  /// `int setpriority(int which, id_t who, int prio)`
  @SuppressWarnings("restricted")
  private static MethodHandle setpriority() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("setpriority"),
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT));
  }
}
