package com.telconova.shared.jfr;

import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.lifecycle.Periodic;
import com.telconova.shared.problem.Failure;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process's recordings: one that is always there, small and bounded in size and age, and one
/// at a time that somebody asks for.
///
/// A recording is never worth a process: where it cannot be written, or the disk becomes full, it
/// is left out, and the log says so once. Thread-safe.
public final class Recorder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Recorder.class);
  private static final Duration WATCH = Duration.ofSeconds(5);
  private static final long LOOK_MILLIS = 250;

  private final String service;
  private final JfrConfig config;
  private final Space space;
  private final Function<String, ? extends Teller> periodic;
  private final Semaphore taking = new Semaphore(1);
  private final Semaphore copying = new Semaphore(1);
  private Teller teller;
  private Recording ring;
  private Periodic watch;
  private String missing = "JFR_RECORDING is off";
  private volatile long takingEnds;

  /// Tells recordings something from time to time, until it is closed.
  public interface Teller extends AutoCloseable {
    /// Tells it at once: at both ends of a recording, which may be shorter than a period.
    void tell();

    @Override
    void close();
  }

  private Recorder(
      String service, JfrConfig config, Space space, Function<String, ? extends Teller> periodic) {
    this.service = service;
    this.config = config;
    this.space = space;
    this.periodic = periodic;
  }

  /// Starts the recording that is always there, unless it is switched off or cannot be.
  ///
  /// @param service whose process this is
  /// @param periodic begins to tell recordings of this service something from time to time; called
  ///   once at most, before the first recording
  public static Recorder start(
      String service, JfrConfig config, Function<String, ? extends Teller> periodic) {
    return start(service, config, Space.ofRepository(), periodic);
  }

  static Recorder start(
      String service, JfrConfig config, Space space, Function<String, ? extends Teller> periodic) {
    Recorder recorder = new Recorder(service, config, space, periodic);
    if (config.recording()) {
      recorder.startRing();
    }
    return recorder;
  }

  /// Whose process this is.
  public String service() {
    return service;
  }

  /// What the always-on recording holds at this moment.
  ///
  /// @return a recording as `jfr` reads it; to be closed
  /// @throws Failure.NotFound when there is none
  /// @throws Failure.Conflict when somebody else gets it at the moment
  public InputStream ring() throws IOException {
    if (!copying.tryAcquire()) {
      throw new Failure.Conflict("Somebody else is getting it at the moment; try again shortly.");
    }
    Recording copy = null;
    try {
      copy = copyOfRing();
      return new Stream(copy, copying);
    } catch (IOException | RuntimeException | Error e) {
      if (copy != null) {
        copy.close();
      }
      copying.release();
      throw e;
    }
  }

  private synchronized Recording copyOfRing() {
    if (ring == null) {
      throw new Failure.NotFound("There is no always-on recording: " + missing + ".");
    }
    teller.tell();
    return ring.copy(true);
  }

  /// Records for so long, one at a time.
  ///
  /// @param isUnwanted asked four times a second; ends it before its time, and nothing comes of it
  /// @return a recording as `jfr` reads it; to be closed. When the disk runs full, it ends before
  ///   its time
  /// @throws Failure.Conflict when somebody else records at the moment
  /// @throws Failure.InsufficientStorage when there is no space for it
  /// @throws Failure.Unavailable when it cannot be written
  /// @throws InterruptedException when the process stops, or nobody wants it any more
  public InputStream next(Duration time, BooleanSupplier isUnwanted)
      throws IOException, InterruptedException {
    if (!taking.tryAcquire()) {
      long left = TimeUnit.NANOSECONDS.toSeconds(takingEnds - System.nanoTime()) + 1;
      throw new Failure.Conflict(
          "Another recording is being taken; it ends in " + Math.max(0, left) + " s.");
    }
    Recording recording = null;
    try {
      takingEnds = System.nanoTime() + time.toNanos();
      recording = begin(service + " on demand", space.forOne(), null);
      tell();
      await(isUnwanted);
      tell();
      if (recording.getState() == RecordingState.RUNNING) { // the JVM's end stops it, too
        recording.stop();
      }
      return new Stream(recording, taking);
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      if (recording != null) {
        recording.close();
      }
      taking.release();
      throw e;
    }
  }

  private void await(BooleanSupplier isUnwanted) throws InterruptedException {
    long left;
    while ((left = takingEnds - System.nanoTime()) > 0) {
      TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)));
      if (isUnwanted.getAsBoolean()) {
        throw new InterruptedException("nobody wants it any more");
      }
      Optional<String> shortage = space.shortage();
      if (shortage.isPresent()) {
        log.warn("A recording ends early. {}.", shortage.get());
        return;
      }
    }
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
    endRing("the process stops");
    endPeriodic();
  }

  private void startRing() {
    try {
      ring = begin(service, config.maxBytes(), config.maxAge());
      watch = Periodic.start("recording-space", WATCH, this::endWhenShort);
    } catch (RuntimeException | Error e) {
      missing = "it could not be started";
      log.warn(
          "No recording is kept: {} Make java.io.tmpdir writable, or set JFR_RECORDING=off.",
          sentence(e));
    }
  }

  private static String sentence(Throwable e) {
    String message = e instanceof Failure ? e.getMessage() : e + ": " + CannotStart.reason(e);
    return message.endsWith(".") ? message : message + ".";
  }

  private void endWhenShort() {
    space.shortage().ifPresent(this::endFor);
  }

  private void endFor(String shortage) {
    boolean ended;
    synchronized (this) {
      ended = ring != null;
      endRing("it ended: " + shortage);
    }
    if (ended) {
      log.warn("The recording ends; the process goes on. {}.", shortage);
    }
  }

  private synchronized void endRing(String why) {
    if (ring != null) {
      missing = why;
      ring.close();
      ring = null;
    }
  }

  private Recording begin(String name, long maxBytes, Duration maxAge) {
    space
        .shortage()
        .ifPresent(shortage -> {
          throw new Failure.InsufficientStorage(shortage + ".", null);
        });
    Map<String, String> settings = SettingsFile.read();
    Recording recording = null;
    try {
      tellPeriodically();
      recording = new Recording(settings);
      recording.setName(name);
      recording.setMaxSize(maxBytes);
      recording.setMaxAge(maxAge);
      recording.start();
      return recording;
    } catch (IllegalStateException | SecurityException e) {
      if (recording != null) {
        recording.close();
      }
      throw unavailable(e);
    }
  }

  private static Failure unavailable(Exception e) {
    log.debug("Flight Recorder does not work", e);
    return new Failure.Unavailable(
        "Recordings cannot be written here: " + CannotStart.reason(e), Duration.ofMinutes(1));
  }

  private synchronized void tellPeriodically() {
    if (teller == null) {
      FlightRecorder.getFlightRecorder(); // says whether it can work at all
      teller = periodic.apply(service);
    }
  }

  private synchronized void tell() {
    if (teller != null) {
      teller.tell();
    }
  }

  private synchronized void endPeriodic() {
    if (teller != null) {
      teller.close();
      teller = null;
    }
  }

  /// A recording that has stopped, read part by part from where it was written; gone when closed.
  private static final class Stream extends FilterInputStream {
    private final Recording recording;
    private final Semaphore place;
    private boolean closed;

    Stream(Recording recording, Semaphore place) throws IOException {
      super(open(recording));
      this.recording = recording;
      this.place = place;
    }

    private static InputStream open(Recording recording) throws IOException {
      InputStream in = recording.getStream(null, null);
      return in == null ? InputStream.nullInputStream() : in;
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try (recording) {
        super.close();
      } finally {
        place.release();
      }
    }
  }
}
