package com.telconova.local.report.figures;

import com.telconova.local.report.file.Recording;
import java.util.Optional;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedEvent;

/// What one recording says of its process.
public final class ProcessFigures {
  private static final String ON_DEMAND = " on demand";
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,30}");

  private final int number;
  private final Recording recording;
  private final Axis axis;
  private final Samples samples = new Samples();
  private final Load load;
  private final HotMethods executing;
  private final HotMethods onProcessor;
  private final Blocking blocking;
  private final Collections collections;
  private final Requests requests;
  private final Queues queues;
  private String recordingName = "";
  private long events;
  private long own;
  private Optional<String> fault;

  /// @param number of the recording, from 0
  ProcessFigures(int number, Recording recording, Axis axis, Journeys journeys) {
    this.number = number;
    this.recording = recording;
    this.axis = axis;
    this.fault = recording.fault();
    var frames = new Frames();
    load = new Load(axis);
    executing = new HotMethods(frames);
    onProcessor = new HotMethods(frames);
    blocking = new Blocking(frames);
    collections = new Collections(axis);
    requests = new Requests(axis);
    queues = new Queues(number, axis, journeys);
  }

  void readFirst() {
    var wanted = new Events();
    samples.register(wanted);
    load.register(wanted);
    blocking.register(wanted);
    collections.register(wanted);
    requests.register(wanted);
    queues.register(wanted);
    wanted
        .on("jdk.ExecutionSample", executing::add)
        .on("jdk.CPUTimeSample", onProcessor::add)
        .on("jdk.ActiveRecording", this::name);
    Optional<String> ended =
        recording.read(event -> {
          events++;
          if (event.getEventType().getName().startsWith("microflow.")) {
            own++;
          }
          wanted.accept(event);
        });
    fault = fault.or(() -> ended);
  }

  void readAgain(Journeys journeys) {
    var wanted = new Events();
    new Waits(requests, recording.start()).register(wanted);
    wanted.on("microflow.HttpRequest", event -> asked(journeys, event));
    recording.read(wanted::accept);
  }

  private void asked(Journeys journeys, RecordedEvent event) {
    String trace = Fields.text(event, "traceId");
    if (!trace.isEmpty()) {
      String name = Fields.text(event, "method") + " " + Fields.text(event, "route");
      journeys.asked(
          trace, new Journey.Request(number, name, Fields.start(event), Fields.end(event)));
    }
  }

  private void name(RecordedEvent event) {
    String name = Fields.text(event, "name");
    String service =
        name.endsWith(ON_DEMAND) ? name.substring(0, name.length() - ON_DEMAND.length()) : name;
    if (NAME.matcher(service).matches()) {
      recordingName = service;
    }
  }

  /// The number of the recording, from 0.
  public int number() {
    return number;
  }

  /// The service that it is; without one that says so, what the file is called.
  public String name() {
    if (!samples.service().isEmpty()) {
      return samples.service();
    }
    if (own > 0 && !recordingName.isEmpty()) {
      return recordingName;
    }
    String file = recording.file().getFileName().toString();
    return file.endsWith(".jfr") ? file.substring(0, file.length() - 4) : file;
  }

  public Recording recording() {
    return recording;
  }

  public Axis axis() {
    return axis;
  }

  public Samples samples() {
    return samples;
  }

  public Load load() {
    return load;
  }

  /// By processor time where the recording has that, else by what was met running.
  public HotMethods hotMethods() {
    return isByProcessorTime() ? onProcessor : executing;
  }

  public boolean isByProcessorTime() {
    return onProcessor.samples() > 0;
  }

  public Blocking blocking() {
    return blocking;
  }

  public Collections collections() {
    return collections;
  }

  public Requests requests() {
    return requests;
  }

  public Queues queues() {
    return queues;
  }

  /// All events in it.
  public long events() {
    return events;
  }

  /// Those of our own code: 0 in another program's recording.
  public long ownEvents() {
    return own;
  }

  /// Why it ended before its time; empty when all of it was read.
  public Optional<String> fault() {
    return fault;
  }
}
