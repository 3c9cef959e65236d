package com.telconova.local.demo;

import com.telconova.local.api.Client;
import com.telconova.local.api.Session;
import com.telconova.local.people.People;
import com.telconova.local.people.Person;
import com.telconova.local.steps.Condition;
import com.telconova.local.steps.StepFailed;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.workbench.Workbench;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Four people and one order; every step is an HTTP request through the gateway.
public final class Story {

  private final Client api;
  private final People people;
  private final Events events;
  private final Steps steps;
  private final Map<String, String> names = new HashMap<>();

  Story(Client api, People people, Events events, Steps steps) {
    this.api = api;
    this.people = people;
    this.events = events;
    this.steps = steps;
  }

  /// Tells it to a workbench, whose people have accounts then.
  ///
  /// @throws StepFailed at the first step that does not come out as it must
  public static People tell(Workbench bench, Terminal terminal) throws Exception {
    var people = People.with(bench.environment());
    try (var api = new Client(bench.gateway().uri());
        var events = new Events(bench.environment().readerUrl())) {
      new Story(api, people, events, new Steps(terminal)).tell();
    }
    return people;
  }

  /// @throws StepFailed at the first step that does not come out as it must
  Told tell() {
    var admin = logIn(people.admin());
    create(admin, people.supervisor());
    create(admin, people.technician());
    var technician = logIn(people.technician());
    askForTexts(technician);
    register(people.client());
    var client = logIn(people.client());
    var order =
        steps.take(
            client.who(),
            "reports a dead line",
            "POST /orders",
            201,
            () -> api.post("/orders", client.token(), ORDER));
    var orderId = order.text("/id");

    var supervisor = logIn(people.supervisor());
    // From here on tracking knows how the technician wants to be told.
    events.awaitAll();
    steps.take(
        supervisor.who(),
        "assigns %s to %s".formatted(order.text("/code"), people.technician().firstName()),
        "POST /orders/{id}/assign",
        200,
        () ->
            api.post(
                "/orders/" + orderId + "/assign",
                supervisor.token(),
                Map.of("technicianId", technician.userId())));

    update(technician, orderId, "starts to work", STARTED);
    awaitStatus(client, orderId, "IN_PROGRESS");
    update(technician, orderId, "reports progress", PROGRESS);
    upload(technician, orderId);
    update(technician, orderId, "completes the work", COMPLETED);
    awaitStatus(client, orderId, "COMPLETED");
    // Handled events leave notifications to send; sent ones are events in their turn.
    events.awaitAll();
    awaitNotifications(List.of(client, technician));
    events.awaitAll();
    return new Told(api, steps, client, technician, orderId, Map.copyOf(names));
  }

  /// The body of `POST /orders`.
  public static final Map<String, ?> ORDER =
      Map.of(
          "title", "No internet since this morning",
          "description", "The modem's light is red; restarting it did not help.",
          "category", "REPAIR",
          "priority", "P2",
          "zone", "NORTH",
          "address", "Calle 93 # 11-26, Bogota",
          "latitude", 4.6767,
          "longitude", -74.0483);

  private static final Map<String, ?> STARTED =
      Map.of("kind", "WORK_STARTED", "comment", "At the door");

  private static final Map<String, ?> PROGRESS =
      Map.of("kind", "PROGRESS", "percent", 60, "comment", "Connector replaced");

  private static final Map<String, ?> COMPLETED =
      Map.of(
          "kind",
          "WORK_COMPLETED",
          "comment",
          "Signal is back, customer has signed",
          "minutes",
          35,
          "resolution",
          Map.of("code", "CONNECTOR_REPLACED", "outcome", "RESOLVED", "comment", "-18 dBm"));

  private Session logIn(Person person) {
    var answer =
        steps.take(
            person.who(),
            "logs in",
            "POST /auth/login",
            200,
            () -> api.post("/auth/login", null, person.login()));
    names.put(answer.text("/user/id"), person.who());
    return new Session(person.who(), answer.text("/user/id"), answer.text("/accessToken"));
  }

  private void create(Session admin, Person person) {
    steps.take(
        admin.who(),
        "creates " + person.who(),
        "POST /users",
        201,
        () -> api.post("/users", admin.token(), person.creation()));
  }

  private void askForTexts(Session technician) {
    var profile =
        Map.of(
            "name",
            people.technician().name(),
            "phone",
            "+573001234567",
            "notificationPreferences",
            Map.of("perEvent", Map.of("technician.assigned", List.of("EMAIL", "SMS"))));
    steps.take(
        technician.who(),
        "wants to hear of new work by SMS",
        "PUT /auth/profile",
        200,
        () -> api.put("/auth/profile", technician.token(), profile));
  }

  private void register(Person person) {
    steps.take(
        person.who(),
        "registers",
        "POST /auth/register",
        201,
        () -> api.post("/auth/register", null, person.registration()));
  }

  private void update(Session technician, String orderId, String what, Map<String, ?> body) {
    steps.take(
        technician.who(),
        what,
        "POST /tracking/{id}/update",
        201,
        () -> api.post("/tracking/" + orderId + "/update", technician.token(), body));
  }

  private void upload(Session technician, String orderId) {
    var path = "/tracking/" + orderId + "/evidence";
    steps.take(
        technician.who(),
        "uploads a photo of the repair",
        "POST /tracking/{id}/evidence",
        201,
        () ->
            api.upload(path, technician.token(), Map.of("kind", "AFTER"), "repaired.jpg", photo()));
  }

  // Tracking notes it, an event carries it, workorder decides: so it is true a moment later.
  private void awaitStatus(Session client, String orderId, String status) {
    long started = System.nanoTime();
    Condition.await(
        "the order is " + status,
        () -> api.get("/orders/" + orderId, client.token()),
        answer -> answer.body().path("status").asText().equals(status),
        answer -> answer.body().path("status").asText());
    long millis = (System.nanoTime() - started) / 1_000_000;
    steps.show("an event", "makes the order " + status, "GET /orders/{id}", 200, millis);
  }

  private void awaitNotifications(List<Session> sessions) {
    for (var session : sessions) {
      Condition.await(
          session.who() + " has been told of everything",
          () -> api.get("/notifications/" + session.userId(), session.token()).body().path("items"),
          items -> !items.isEmpty() && !items.findValuesAsText("status").contains("PENDING"),
          items -> items.findValuesAsText("status"));
    }
  }

  private static byte[] photo() {
    try (var resource = Story.class.getResourceAsStream("repaired.jpg")) {
      return resource.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
