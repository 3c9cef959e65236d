package com.telconova.local.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.local.demo.Story;
import com.telconova.shared.json.Mappers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// The people and the orders that requests are about, and the requests. Filled before a run, by
/// others; then the sender's thread has it for itself.
final class Stock implements Script {

  private static final int MAX_FILES = 20; // tracking takes no more of one order
  private static final int MAX_SEEN = 4_096;
  private static final int MAX_UNASSIGNED = 4_096;
  private static final byte[] END = ascii("\r\n");
  private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
  private static final byte[] GET_ORDER = ascii("GET /orders/");
  private static final byte[] LIST = ascii("GET /orders?status=CREATED&limit=20");
  private static final byte[] MINE = ascii("GET /orders?limit=20");
  private static final byte[] CREATE = ascii("POST /orders");
  private static final byte[] POST_ORDER = ascii("POST /orders/");
  private static final byte[] PUT_ORDER = ascii("PUT /orders/");
  private static final byte[] ASSIGN = ascii("/assign");
  private static final byte[] STATUS = ascii("/status");
  private static final byte[] GET_TRACKING = ascii("GET /tracking/");
  private static final byte[] POST_TRACKING = ascii("POST /tracking/");
  private static final byte[] UPDATE = ascii("/update");
  private static final byte[] EVIDENCE = ascii("/evidence");
  private static final byte[] STREAM = ascii("/stream");
  private static final byte[] NOTIFICATIONS = ascii("GET /notifications/");
  private static final byte[] LOGIN = ascii("POST /auth/login");
  private static final byte[] NOTHING = new byte[0];

  static final byte[] ORDER = json(Story.ORDER);
  private static final byte[] PROGRESS =
      json(Map.of("kind", "PROGRESS", "percent", 60, "comment", "Connector replaced"));
  // What a technician says of an order, one after the other.
  private static final List<byte[]> REPORTS =
      List.of(
          json(Map.of("kind", "WORK_STARTED", "comment", "At the door")),
          json(Map.of("kind", "PROGRESS", "percent", 30, "comment", "Fault found")),
          PROGRESS,
          json(
              Map.of(
                  "kind",
                  "WORK_COMPLETED",
                  "comment",
                  "Signal is back, customer has signed",
                  "minutes",
                  35,
                  "resolution",
                  Map.of(
                      "code", "CONNECTOR_REPLACED", "outcome", "RESOLVED", "comment", "-18 dBm"))));
  private static final byte[] BEGIN = json(Map.of("status", "IN_PROGRESS"));
  private static final byte[] HOLD = json(Map.of("status", "ON_HOLD", "reasonCode", "PARTS"));

  final List<Caller> clients = new ArrayList<>();
  final List<Caller> supervisors = new ArrayList<>();
  final List<Job.Technician> technicians = new ArrayList<>();

  /// Orders that clients look at.
  final List<Job> seen = new ArrayList<>();

  /// Orders that stay with their technician, for reports and photos.
  final List<Job> field = new ArrayList<>();

  /// Orders that go from one technician to the next.
  final List<Job> passed = new ArrayList<>();

  /// Orders that their technicians begin to work on, and put on hold; one each.
  final List<Job> held = new ArrayList<>();

  // Orders that were made and that nobody has yet.
  private final Deque<Job> unassigned = new ArrayDeque<>();
  private final SplittableRandom random = new SplittableRandom(1);
  private final byte[] apiKey;
  private final byte[] photo = photo();
  private int seenTurn;
  private int technicianTurn;
  private int fieldTurn;
  private int passedTurn;
  private int heldTurn;

  /// What the sender tells itself of an order under way.
  private record Assignment(Job job, Job.Technician to) {}

  Stock(Optional<String> apiKey) {
    this.apiKey = apiKey.map(key -> ascii("x-api-key: " + key + "\r\n")).orElse(NOTHING);
  }

  /// Nothing is on its way any more, whatever became of it.
  void settle() {
    field.forEach(job -> job.busy = false);
    passed.forEach(job -> job.busy = false);
    held.forEach(job -> job.busy = false);
    technicians.forEach(one -> one.jobs.forEach(job -> job.busy = false));
  }

  @Override
  public Object write(Operation operation, byte[] host, ByteBuffer out) {
    return switch (operation) {
      case GET -> {
        var job = any(seen);
        put(out, GET_ORDER, job.path, NOTHING, host, job.client, END);
        yield job;
      }
      case LIST -> {
        var caller = any(supervisors);
        put(out, LIST, NOTHING, NOTHING, host, caller, END);
        yield caller;
      }
      case MINE -> {
        var caller = any(clients);
        put(out, MINE, NOTHING, NOTHING, host, caller, END);
        yield caller;
      }
      case CREATE -> {
        var caller = any(clients);
        put(out, CREATE, NOTHING, NOTHING, host, caller, ORDER);
        yield caller;
      }
      case ASSIGN -> assign(host, out);
      case STATUS -> status(host, out);
      case UPDATE -> update(host, out);
      case EVIDENCE -> evidence(host, out);
      case TIMELINE -> {
        var job = any(seen);
        put(out, GET_TRACKING, job.path, NOTHING, host, job.client, END);
        yield job;
      }
      case NOTIFICATIONS -> {
        var caller = any(clients);
        put(out, NOTIFICATIONS, caller.userIdPath, NOTHING, host, caller, END);
        yield caller;
      }
      case STREAM -> {
        var job = any(seen);
        put(out, GET_TRACKING, job.path, STREAM, host, job.client, END);
        yield job;
      }
      case LOGIN -> {
        var caller = any(clients);
        put(out, LOGIN, NOTHING, NOTHING, host, null, caller.login);
        yield caller;
      }
    };
  }

  @Override
  public void ended(Operation operation, Object about, boolean good, String made) {
    switch (operation) {
      case CREATE -> {
        if (good && made != null) {
          created(new Job(made, (Caller) about));
        }
      }
      case ASSIGN -> assigned((Assignment) about, good);
      case STATUS -> {
        var job = (Job) about;
        job.busy = false;
        job.inProgress ^= good;
      }
      case UPDATE -> updated((Job) about, good);
      case EVIDENCE -> {
        var job = (Job) about;
        job.busy = false;
        job.files++; // also when it failed: it may be there
      }
      default -> {
        // Looking changes nothing.
      }
    }
  }

  private void created(Job job) {
    if (unassigned.size() < MAX_UNASSIGNED) {
      unassigned.add(job);
    }
    if (seen.size() < MAX_SEEN) {
      seen.add(job);
    } else {
      seenTurn = (seenTurn + 1) % seen.size();
      seen.set(seenTurn, job);
    }
  }

  private Object assign(byte[] host, ByteBuffer out) {
    var job = unassigned.poll();
    if (job == null) {
      job = free(passed, passedTurn++);
    }
    if (job == null) {
      return null;
    }
    technicianTurn = (technicianTurn + 1) % technicians.size();
    var to = technicians.get(technicianTurn);
    if (to == job.technician) {
      technicianTurn = (technicianTurn + 1) % technicians.size();
      to = technicians.get(technicianTurn);
    }
    job.busy = true;
    put(out, POST_ORDER, job.path, ASSIGN, host, any(supervisors), to.assignment);
    return new Assignment(job, to);
  }

  private void assigned(Assignment assignment, boolean good) {
    var job = assignment.job();
    job.busy = false;
    if (good) {
      boolean first = job.technician == null;
      job.technician = assignment.to();
      if (first) {
        assignment.to().jobs.add(job);
      }
    }
  }

  private Object status(byte[] host, ByteBuffer out) {
    var job = free(held, heldTurn++);
    if (job == null) {
      return null;
    }
    job.busy = true;
    put(
        out,
        PUT_ORDER,
        job.path,
        STATUS,
        host,
        job.technician.caller,
        job.inProgress ? HOLD : BEGIN);
    return job;
  }

  // A technician with an order that was given to them in this run goes on with it, until it is
  // done; who has none says something of one that is there for that.
  private Object update(byte[] host, ByteBuffer out) {
    for (int i = 0; i < technicians.size(); i++) {
      var technician = technicians.get((technicianTurn + i) % technicians.size());
      var job = technician.jobs.peek();
      if (job != null && !job.busy) {
        job.busy = true;
        var report = REPORTS.get(job.reports);
        put(out, POST_TRACKING, job.path, UPDATE, host, technician.caller, report);
        return job;
      }
    }
    var job = field.get(fieldTurn++ % field.size());
    put(out, POST_TRACKING, job.path, UPDATE, host, job.technician.caller, PROGRESS);
    return job;
  }

  private void updated(Job job, boolean good) {
    job.busy = false;
    if (job == job.technician.jobs.peek()) {
      job.reports++;
      if (!good || job.reports == REPORTS.size()) {
        job.technician.jobs.poll();
      }
    }
  }

  private Object evidence(byte[] host, ByteBuffer out) {
    for (int i = 0; i < field.size(); i++) {
      var job = field.get(fieldTurn++ % field.size());
      if (!job.busy && job.files < MAX_FILES) {
        job.busy = true;
        put(out, POST_TRACKING, job.path, EVIDENCE, host, job.technician.caller, photo);
        return job;
      }
    }
    return null;
  }

  /// How many photos there is room for.
  int roomForPhotos() {
    return field.stream().mapToInt(job -> MAX_FILES - Math.min(MAX_FILES, job.files)).sum();
  }

  private static Job free(List<Job> jobs, int turn) {
    for (int i = 0; i < jobs.size(); i++) {
      var job = jobs.get(Math.floorMod(turn + i, jobs.size()));
      if (!job.busy) {
        return job;
      }
    }
    return null;
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private void put(
      ByteBuffer out,
      byte[] begin,
      byte[] id,
      byte[] end,
      byte[] host,
      Caller caller,
      byte[] rest) {
    out.put(begin).put(id).put(end).put(VERSION).put(host);
    if (caller != null) {
      out.put(caller.authorization());
    }
    out.put(apiKey).put(rest);
  }

  /// The rest of a request after its first headers.
  static byte[] json(Object body) {
    try {
      var text = Mappers.TOLERANT.writeValueAsString(body);
      return rest("application/json", text.getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] rest(String type, byte[] body) {
    var head = "Content-Type: " + type + "\r\nContent-Length: " + body.length + "\r\n\r\n";
    return ByteBuffer.allocate(head.length() + body.length).put(ascii(head)).put(body).array();
  }

  private static byte[] photo() {
    var before =
        """
        --microflow-load\r
        Content-Disposition: form-data; name="kind"\r
        \r
        AFTER\r
        --microflow-load\r
        Content-Disposition: form-data; name="file"; filename="repaired.jpg"\r
        Content-Type: application/octet-stream\r
        \r
        """;
    var after = "\r\n--microflow-load--\r\n";
    try (var resource = Story.class.getResourceAsStream("repaired.jpg")) {
      var file = resource.readAllBytes();
      var form =
          ByteBuffer.allocate(before.length() + file.length + after.length())
              .put(ascii(before))
              .put(file)
              .put(ascii(after));
      return rest("multipart/form-data; boundary=microflow-load", form.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
