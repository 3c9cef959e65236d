package com.telconova.auth.password;

import com.telconova.shared.config.Secret;
import com.telconova.shared.os.Niceness;
import com.telconova.shared.problem.Failure;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Hashes passwords: at most one per core at a time, a short queue behind them, and a refusal
/// beyond it, so that a burst of logins takes neither the memory nor the cores from everybody else.
///
/// It works on platform threads of its own: on a virtual thread, a hash would hold a carrier for a
/// tenth of a second, and as many hashes as cores would stop every other request meanwhile; the
/// operating system shares the cores out among platform threads. They end when idle. Thread-safe.
public final class PasswordHasher implements AutoCloseable {
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final int MAX_WAITING = 20;
  private static final int NICENESS = 10;
  private static final Duration MAX_WAIT = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final SecureRandom random = new SecureRandom();
  private final Argon2id argon;
  private final PasswordHash nobodys;
  private final ThreadPoolExecutor threads;
  private final Semaphore places;
  private final Histogram duration;

  public PasswordHasher(CollectorRegistry registry) {
    this(Argon2id.CURRENT, Runtime.getRuntime().availableProcessors(), registry);
  }

  PasswordHasher(Argon2id argon, int atOnce, CollectorRegistry registry) {
    this.argon = argon;
    AtomicInteger number = new AtomicInteger();
    this.nobodys = PasswordHash.of(argon, bytes(SALT_BYTES), bytes(HASH_BYTES));
    this.threads =
        new ThreadPoolExecutor(
            atOnce,
            atOnce,
            IDLE.toSeconds(),
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            work ->
                Thread.ofPlatform()
                    .daemon()
                    .name("password-" + number.getAndIncrement())
                    .unstarted(() -> {
                      Niceness.giveWay(NICENESS);
                      work.run();
                    }));
    threads.allowCoreThreadTimeOut(true);
    this.places = new Semaphore(atOnce + MAX_WAITING);
    this.duration =
        Histogram.build("password_hash_duration_seconds", "How long hashing a password takes.")
            .buckets(.025, .05, .075, .1, .15, .25, .5, 1, 2.5)
            .register(registry);
    Gauge.build("password_hash_waiting", "Passwords that wait to be hashed.")
        .register(registry)
        .setChild(
            new Gauge.Child() {
              @Override
              public double get() {
                return threads.getQueue().size();
              }
            });
  }

  /// Does something that hashes a password on its way, as long as no more do than can run or wait
  /// here. Who would be turned away is so before anything else was asked of the machine: a burst of
  /// logins takes no connection from those who only refresh.
  ///
  /// @throws Failure.Unavailable when too many are on their way already
  public <T> T admit(Supplier<T> work) {
    if (!places.tryAcquire()) {
      throw overloaded();
    }
    try {
      return work.get();
    } finally {
      places.release();
    }
  }

  /// Hashes a new password with a new salt.
  ///
  /// @throws Failure.Unavailable when too many wait already
  public PasswordHash hash(Secret password) {
    byte[] salt = bytes(SALT_BYTES);
    return PasswordHash.of(argon, salt, compute(argon, password, salt, HASH_BYTES));
  }

  /// Whether this is the password that was hashed. Takes as long either way.
  ///
  /// @throws Failure.Unavailable when too many wait already
  public boolean matches(Secret password, PasswordHash hash) {
    byte[] expected = hash.hash();
    byte[] found = compute(hash.argon(), password, hash.salt(), expected.length);
    return MessageDigest.isEqual(expected, found);
  }

  /// Does what [#matches] does, in the same time, where there is no hash to compare with: who tries
  /// an unknown account learns nothing from the clock.
  ///
  /// @throws Failure.Unavailable when too many wait already
  public void pretend(Secret password) {
    matches(password, nobodys);
  }

  /// Whether a new hash of the same password would be made with other parameters.
  public boolean isOutdated(PasswordHash hash) {
    return !hash.argon().equals(argon);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private byte[] compute(Argon2id with, Secret password, byte[] salt, int length) {
    long asked = System.nanoTime();
    Thread asker = Thread.currentThread();
    Callable<byte[]> work =
        () -> {
          PasswordHashEvent told = PasswordHashEvent.started(asked, asker);
          try (Histogram.Timer _ = duration.startTimer()) {
            return with.compute(password, salt, length);
          } finally {
            if (told != null) {
              told.commit();
            }
          }
        };
    try {
      return await(threads.submit(work));
    } catch (RejectedExecutionException e) {
      throw overloaded();
    }
  }

  private static byte[] await(Future<byte[]> result) {
    try {
      return result.get(MAX_WAIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      result.cancel(false);
      throw overloaded();
    } catch (InterruptedException e) {
      result.cancel(false);
      Thread.currentThread().interrupt();
      throw overloaded();
    } catch (ExecutionException e) {
      throw new IllegalStateException("A password could not be hashed", e.getCause());
    }
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static Failure.Unavailable overloaded() {
    return new Failure.Unavailable(
        "Too many passwords are being checked at the moment; try again shortly.", RETRY_AFTER);
  }
}
