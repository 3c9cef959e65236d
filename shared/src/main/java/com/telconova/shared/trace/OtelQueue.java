package com.telconova.shared.trace;

import com.telconova.shared.lifecycle.CannotStart;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands spans that ended to the exporter, many at a time, on a platform thread of its own named
/// `otlp-export`. Nobody ever waits for it: what finds the queue full, and what the collector does
/// not take, is counted and gone.
///
/// In place of the SDK's `BatchSpanProcessor`, which drops without a count unless the SDK's metrics
/// run beside ours.
final class OtelQueue implements SpanProcessor {
  private static final Logger log = LoggerFactory.getLogger(OtelQueue.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(2);
  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final String FULL = "queue_full";
  private static final String FAILED = "export_failed";
  private static final String STOPPED = "stopped";

  private final OtelWords words = OtelWords.listen();
  private final SpanExporter exporter;
  private final TraceConfig.Export config;
  private final BlockingQueue<ReadableSpan> queue;
  private final Semaphore wakeUps = new Semaphore(0);
  private final Thread thread;
  private final Counter.Child exported;
  private final Counter dropped;
  private volatile boolean stopping;
  private long toldAt = System.nanoTime() - QUIET.toNanos();

  private OtelQueue(SpanExporter exporter, TraceConfig.Export config, CollectorRegistry registry) {
    this.exporter = exporter;
    this.config = config;
    this.queue = new ArrayBlockingQueue<>(config.queue());
    this.exported =
        Counter.build("otel_spans_exported_total", "Spans that the collector took.")
            .register(registry)
            .labels();
    this.dropped =
        Counter.build("otel_spans_dropped_total", "Spans that were lost, by reason.")
            .labelNames("reason")
            .register(registry);
    List.of(FULL, FAILED, STOPPED).forEach(dropped::labels);
    Gauge.build("otel_spans_waiting", "Spans that wait to be sent.")
        .register(registry)
        .setChild(
            new Gauge.Child() {
              @Override
              public double get() {
                return queue.size();
              }
            });
    this.thread = Thread.ofPlatform().daemon().name("otlp-export").unstarted(this::run);
  }

  static OtelQueue start(
      SpanExporter exporter, TraceConfig.Export config, CollectorRegistry registry) {
    OtelQueue queue = new OtelQueue(exporter, config, registry);
    queue.thread.start();
    return queue;
  }

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (stopping || !queue.offer(span)) {
      dropped.labels(stopping ? STOPPED : FULL).inc();
    } else if (queue.size() >= config.batch() && wakeUps.availablePermits() == 0) {
      wakeUps.release();
    }
  }

  /// Sends what is left, for two seconds at most.
  @Override
  public void close() {
    stopping = true;
    wakeUps.release();
    try {
      if (!thread.join(STOP_LIMIT)) {
        thread.interrupt();
        log.warn("{} span(s) could not be sent within {}", queue.size(), STOP_LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    dropped.labels(STOPPED).inc(queue.size());
    exporter.shutdown(); // which waits for nothing
    words.close();
  }

  private void run() {
    List<SpanData> batch = new ArrayList<>(config.batch());
    try {
      while (!stopping) {
        if (wakeUps.tryAcquire(config.delay().toMillis(), TimeUnit.MILLISECONDS)) {
          wakeUps.drainPermits();
        }
        sendAll(batch);
      }
      sendAll(batch); // what ended between the last look and the stop
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // told to leave the rest
    }
  }

  private void sendAll(List<SpanData> batch) throws InterruptedException {
    while (!queue.isEmpty()) {
      for (int n = 0; n < config.batch() && !queue.isEmpty(); n++) {
        batch.add(queue.remove().toSpanData());
      }
      send(batch);
      batch.clear();
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private void send(List<SpanData> batch) {
    Throwable why = null;
    try {
      CompletableResultCode result =
          exporter.export(batch).join(config.limit().toMillis(), TimeUnit.MILLISECONDS);
      if (result.isSuccess()) {
        exported.inc(batch.size());
        return;
      }
      why = result.getFailureThrowable();
    } catch (RuntimeException | Error e) { // the next batch comes all the same
      why = e;
    }
    dropped.labels(FAILED).inc(batch.size());
    tell(batch.size(), why);
  }

  private String reason(Throwable why) {
    return why == null ? "no answer within " + config.limit() : CannotStart.reason(why);
  }

  /// Once a minute at most.
  private void tell(int spans, Throwable why) {
    long now = System.nanoTime();
    if (now - toldAt >= QUIET.toNanos()) {
      toldAt = now;
      log.warn(
          "{} span(s) are lost, for {} did not take them: {}; otel_spans_dropped_total counts on",
          spans,
          config.endpoint().getAuthority(),
          words.take().orElseGet(() -> reason(why)));
    }
  }
}
