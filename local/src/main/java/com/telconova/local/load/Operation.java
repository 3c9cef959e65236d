package com.telconova.local.load;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What can be asked, one request each, and by whom.
public enum Operation {
  /// `GET /orders/{id}`: a client looks at an order of theirs.
  GET("workorder", 200),
  /// `GET /orders?status=CREATED&limit=20`: a supervisor looks for what nobody does yet.
  LIST("workorder", 200),
  /// `GET /orders?limit=20`: a client looks at all of theirs.
  MINE("workorder", 200),
  /// `POST /orders`: a client reports a fault.
  CREATE("workorder", 201),
  /// `POST /orders/{id}/assign`: a supervisor gives an order that nobody has to a technician, or
  /// one technician's to another.
  ASSIGN("workorder", 200),
  /// `PUT /orders/{id}/status`: a technician begins to work on an order, or puts it on hold.
  STATUS("workorder", 200),
  /// `POST /tracking/{orderId}/update`: a technician reports progress.
  UPDATE("tracking", 201),
  /// `POST /tracking/{orderId}/evidence`: a technician uploads a photo.
  EVIDENCE("tracking", 201),
  /// `GET /tracking/{orderId}`: a client reads what happened.
  TIMELINE("tracking", 200),
  /// `GET /notifications/{userId}`: a client reads what they were told.
  NOTIFICATIONS("tracking", 200),
  /// `GET /tracking/{orderId}/stream`: a client begins to follow an order, until the stream's first
  /// line; then they leave.
  STREAM("tracking", 200),
  /// `POST /auth/login`: a client logs in.
  LOGIN("auth", 200);

  private final String service;
  private final int expected;

  Operation(String service, int expected) {
    this.service = service;
    this.expected = expected;
  }

  /// Who answers it: auth, workorder or tracking.
  public String service() {
    return service;
  }

  /// The status of an answer that is as it should be.
  public int expected() {
    return expected;
  }

  /// Its name where it is asked for and shown, in small letters.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Operation> find(String label) {
    return Arrays.stream(values()).filter(one -> one.label().equals(label)).findFirst();
  }
}
