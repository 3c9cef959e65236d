package com.telconova.local.lab.child;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;

/// Takes more and more memory, a mebibyte at a time, and touches all of it.
///
/// Arguments: `native` or `heap`; how many mebibytes at most.
public final class Grower {
  private static final int MEBIBYTE = 1 << 20;
  private static final int PAGE = 4096;

  private Grower() {}

  public static void main(String[] arguments) {
    var parent = new Parent();
    var runtime = Runtime.getRuntime();
    parent.say("sees", runtime.maxMemory(), runtime.availableProcessors());
    if (!parent.awaitWord()) {
      return;
    }
    int most = Integer.parseInt(arguments[1]);
    int exit = arguments[0].equals("heap") ? onTheHeap(parent, most) : natively(parent, most);
    parent.say("end", exit);
    System.exit(exit);
  }

  private static int natively(Parent parent, int most) {
    try (var arena = Arena.ofConfined()) {
      for (int i = 1; i <= most; i++) {
        var memory = arena.allocate(MEBIBYTE);
        for (int at = 0; at < MEBIBYTE; at += PAGE) {
          memory.set(ValueLayout.JAVA_BYTE, at, (byte) 1);
        }
        parent.say("have", i);
      }
    }
    return 0;
  }

  private static int onTheHeap(Parent parent, int most) {
    var all = new ArrayList<byte[]>();
    try {
      for (int i = 1; i <= most; i++) {
        all.add(new byte[MEBIBYTE]); // the JVM writes zeros to it
        parent.say("have", i);
      }
      return 0;
    } catch (OutOfMemoryError full) {
      int had = all.size();
      all.clear();
      parent.say("full", had);
      return 3; // as -XX:+ExitOnOutOfMemoryError has it
    }
  }
}
