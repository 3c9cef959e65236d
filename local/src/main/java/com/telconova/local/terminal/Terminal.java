package com.telconova.local.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/// Standard output for a person, at most 100 columns. Colour and moving lines need a terminal;
/// ticks and rules need a UTF-8 locale. Thread-safe.
public final class Terminal {

  /// The widest line.
  public static final int WIDTH = 100;

  private final PrintStream out;
  private final PrintStream err;
  private final boolean moving;
  private final boolean colour;
  private final boolean unicode;
  private Thread only;
  private String progress = "";

  Terminal(PrintStream out, PrintStream err, boolean moving, boolean colour, boolean unicode) {
    this.out = out;
    this.err = err;
    this.moving = moving;
    this.colour = colour;
    this.unicode = unicode;
  }

  /// The one of this process, as its environment asks for it (NO_COLOR, LC_ALL, LC_CTYPE, LANG).
  public static Terminal standard() {
    var environment = System.getenv();
    var unicode = isUtf8(environment);
    Charset charset = unicode ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII;
    var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, charset);
    var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, charset);
    var console = System.console();
    boolean terminal =
        console != null
            && console.isTerminal()
            && !"dumb".equals(environment.getOrDefault("TERM", "dumb"));
    var colour = terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(out, err, terminal, colour, unicode);
  }

  /// One that nobody reads.
  public static Terminal silent() {
    var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return new Terminal(nowhere, nowhere, false, false, false);
  }

  static boolean isUtf8(Map<String, String> environment) {
    for (var name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      var value = environment.getOrDefault(name, "");
      if (!value.isEmpty()) {
        var normal = value.toLowerCase(Locale.ROOT).replace("-", "");
        return normal.contains("utf8");
      }
    }
    return false;
  }

  /// From now on only the calling thread is heard: it tells how everything stops, and what the
  /// others meet meanwhile is no news.
  public synchronized void onlyThisThread() {
    clearProgress();
    only = Thread.currentThread();
  }

  /// A line of its own with an empty one before it, for a new part.
  public void heading(String text) {
    print("\n" + (colour ? "\u001b[1m" + text + "\u001b[0m" : text));
  }

  /// A plain line.
  public void line(String text) {
    print(text);
  }

  /// A line that matters less.
  public void quiet(String text) {
    print(faint(text));
  }

  /// A step that succeeded; tick included.
  public void done(String text) {
    print("  " + green(unicode ? "✓" : "+") + " " + text);
  }

  /// Something a person should notice though it goes on.
  public void warning(String text) {
    print("  " + yellow("!") + " " + text);
  }

  /// A step that failed.
  public void failed(String text) {
    print("  " + red(unicode ? "✗" : "x") + " " + text);
  }

  /// Why the command ends without success, on one line of standard error.
  public void error(String text) {
    print(err, red("microflow: ") + text.strip().lines().findFirst().orElse(""));
  }

  /// Runs something that takes time. While it does, the seconds are shown; then one line with its
  /// name, what it is, and how long it took.
  ///
  /// @return what `work` returns
  /// @throws Exception what `work` throws, after the line that says that it failed
  public <T> T step(String name, String about, Callable<T> work) throws Exception {
    return step(name, about, () -> "", work);
  }

  /// As [#step(String, String, Callable)], and beside the seconds it is shown how far it is.
  ///
  /// @param soFar in a few words; asked each second, on another thread
  public <T> T step(String name, String about, Supplier<String> soFar, Callable<T> work)
      throws Exception {
    long started = System.nanoTime();
    var columns = "%-14s %-58s".formatted(name, cut(about, 58));
    try (var _ = new Ticker(seconds -> progress(name, seconds, soFar.get()))) {
      T result = work.call();
      done(columns + seconds(started));
      return result;
    } catch (Exception e) {
      failed(columns + seconds(started));
      throw e;
    }
  }

  /// Whether more than ASCII can be shown.
  public boolean isUnicode() {
    return unicode;
  }

  /// The character that separates parts of a line.
  public String dot() {
    return unicode ? "·" : "-";
  }

  /// From one to another.
  public String arrow() {
    return unicode ? "→" : "->";
  }

  /// Less bright where colour is used.
  public String faint(String text) {
    return colour ? "\u001b[2m" + text + "\u001b[0m" : text;
  }

  /// Green where colour is used.
  public String green(String text) {
    return colour ? "\u001b[32m" + text + "\u001b[0m" : text;
  }

  /// Cuts a text to a width, with a mark where something is left out.
  public String cut(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    var mark = unicode ? "…" : "..";
    return text.substring(0, width - mark.length()) + mark;
  }

  private String red(String text) {
    return colour ? "\u001b[31m" + text + "\u001b[0m" : text;
  }

  private String yellow(String text) {
    return colour ? "\u001b[33m" + text + "\u001b[0m" : text;
  }

  // Without a terminal a slow step is told of now and then; with one its line is rewritten.
  private synchronized void progress(String name, long seconds, String soFar) {
    if (only != null) {
      return;
    }
    if (moving) {
      progress = "  " + (unicode ? "…" : ".") + " %-14s %d s  %s".formatted(name, seconds, soFar);
      out.print("\r\u001b[K" + progress);
      out.flush();
    } else if (seconds % 10 == 0) {
      out.println("    %-14s %d s so far  %s".formatted(name, seconds, soFar).stripTrailing());
    }
  }

  private void print(String text) {
    print(out, text);
  }

  private synchronized void print(PrintStream stream, String text) {
    if (only != null && only != Thread.currentThread()) {
      return;
    }
    clearProgress();
    stream.println(text);
  }

  private void clearProgress() {
    if (!progress.isEmpty()) {
      out.print("\r\u001b[K");
      progress = "";
    }
  }

  private static String seconds(long started) {
    return "%5.1f s".formatted((System.nanoTime() - started) / 1e9);
  }
}
