package com.telconova.local.lab.child;

import com.telconova.local.lab.Reading;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;

/// Reads a file that the kernel has forgotten, and again when it has not: as a whole, here and
/// there, and as memory.
///
/// Arguments: a file to make; mebibytes; rounds; how many reads here and there.
public final class Reader {
  private static final int MEBIBYTE = 1 << 20;
  private static final int PAGE = 4096;

  private final Path file;
  private final int mebibytes;
  private final int reads;
  private final Random random = new Random(1);
  private final ByteBuffer block = ByteBuffer.allocateDirect(MEBIBYTE);

  private Reader(Path file, int mebibytes, int reads) {
    this.file = file;
    this.mebibytes = mebibytes;
    this.reads = reads;
  }

  public static void main(String[] arguments) throws IOException {
    var parent = new Parent();
    var file = Path.of(arguments[0]);
    try {
      var reader = new Reader(file, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[3]));
      reader.write();
      reader.whole(); // for the compiler
      reader.hereAndThere();
      for (int round = 0; round < Integer.parseInt(arguments[2]); round++) {
        for (boolean warm : new boolean[] {false, true}) {
          reader.tell(parent, warm);
        }
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /// One line for each way to read: seconds, bytes from the disk, major and minor faults, and what
  /// part of the file was in memory before; then the time of each small read, in nanoseconds.
  private void tell(Parent parent, boolean warm) throws IOException {
    before(warm);
    measure(parent, "whole", this::whole);
    before(warm);
    var took = new long[1][];
    measure(parent, "random", () -> took[0] = hereAndThere());
    parent.say("each", took[0]);
    before(warm);
    measure(parent, "mapped", this::mapped);
  }

  private void before(boolean warm) throws IOException {
    if (warm) {
      whole();
    } else {
      Kernel.forget(file);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private void measure(Parent parent, String word, Work work) throws IOException {
    double there = resident();
    var before = Reading.ofThisProcess();
    long begin = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - begin) / 1e9;
    var after = Reading.ofThisProcess();
    parent.say(
        word,
        seconds,
        after.diskBytesRead() - before.diskBytesRead(),
        after.faults("major") - before.faults("major"),
        after.faults("minor") - before.faults("minor"),
        there);
  }

  private void write() throws IOException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var bytes = new byte[MEBIBYTE];
      for (int i = 0; i < mebibytes; i++) {
        random.nextBytes(bytes);
        channel.write(ByteBuffer.wrap(bytes));
      }
      channel.force(true); // what has not reached the disk is not forgotten
    }
  }

  private void whole() throws IOException {
    try (var channel = FileChannel.open(file)) {
      int count;
      do {
        block.clear();
        count = channel.read(block);
      } while (count > 0);
    }
  }

  private long[] hereAndThere() throws IOException {
    var took = new long[reads];
    try (var channel = FileChannel.open(file)) {
      long pages = (long) mebibytes * MEBIBYTE / PAGE;
      for (int i = 0; i < reads; i++) {
        block.clear().limit(PAGE);
        long at = random.nextLong(pages) * PAGE;
        long begin = System.nanoTime();
        channel.read(block, at);
        took[i] = System.nanoTime() - begin;
      }
    }
    Arrays.sort(took);
    return took;
  }

  private void mapped() throws IOException {
    try (var channel = FileChannel.open(file);
        var arena = Arena.ofConfined()) {
      var memory = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      int sum = 0;
      for (long at = 0; at < memory.byteSize(); at += PAGE) {
        sum += memory.get(ValueLayout.JAVA_BYTE, at);
      }
      block.put(0, (byte) sum);
    }
  }

  private double resident() throws IOException {
    try (var channel = FileChannel.open(file);
        var arena = Arena.ofConfined()) {
      return Kernel.resident(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
    }
  }
}
