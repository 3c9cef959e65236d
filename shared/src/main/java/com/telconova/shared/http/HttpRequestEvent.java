package com.telconova.shared.http;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Throttle;

/// A request, from when its route was looked for to the end of its answer. Who asked and what for
/// stays out: a path may hold whatever a client puts there.
@Name("microflow.HttpRequest")
@Label("HTTP Request")
@Category("MicroFlow")
@Threshold("0 ms")
@Throttle("500/s")
@StackTrace(false)
final class HttpRequestEvent extends Event {
  // Says whether anybody records, without an object for each request.
  private static final HttpRequestEvent PROBE = new HttpRequestEvent();

  @Label("Method")
  private String method;

  @Label("Route")
  @Description("As it was registered, with its parameters in braces")
  private String route;

  @Label("Status")
  private int status;

  @Label("Request Id")
  private String requestId;

  @Label("Trace Id")
  private String traceId;

  /// @return null while nobody records
  static HttpRequestEvent started() {
    if (!PROBE.isEnabled()) {
      return null;
    }
    var event = new HttpRequestEvent();
    event.begin();
    return event;
  }

  void commit(String itsMethod, String itsRoute, int itsStatus, String itsId, String itsTrace) {
    end();
    if (shouldCommit()) {
      method = itsMethod;
      route = itsRoute;
      status = itsStatus;
      requestId = itsId;
      traceId = itsTrace;
      commit();
    }
  }
}
