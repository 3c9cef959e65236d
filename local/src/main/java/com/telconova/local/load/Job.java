package com.telconova.local.load;

import java.nio.charset.StandardCharsets;

/// An order that requests are about.
final class Job {

  final String id;

  /// Its path segment.
  final byte[] path;

  final Caller client;

  /// Who does it; null as long as nobody does.
  Technician technician;

  /// Whether a request that changes it is on its way.
  boolean busy;

  int files;
  int reports;
  boolean inProgress;

  Job(String id, Caller client) {
    this.id = id;
    this.path = id.getBytes(StandardCharsets.US_ASCII);
    this.client = client;
  }

  /// Somebody who does orders, one after the other.
  static final class Technician {
    final Caller caller;
    final byte[] assignment;
    final java.util.Deque<Job> jobs = new java.util.ArrayDeque<>();

    /// @param assignment the body of an assignment to them
    Technician(Caller caller, byte[] assignment) {
      this.caller = caller;
      this.assignment = assignment;
    }
  }
}
