package com.telconova.shared.problem;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;

/// Problem details of RFC 9457, media type `application/problem+json`.
///
/// @param type a stable URN such as `urn:microflow:problem:not-found`
/// @param title the same for every problem of this type
/// @param status the HTTP status code
/// @param detail what happened this time and what to do
/// @param instance the path of the request
/// @param requestId the id under which the logs tell of this request
/// @param errors the single faults of a request, absent when there are none
/// @param extensions further members, such as `allowedTransitions`
@JsonPropertyOrder({"type", "title", "status", "detail", "instance", "requestId", "errors"})
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    String instance,
    String requestId,
    List<Fault> errors,
    @JsonAnyGetter Map<String, Object> extensions) {

  /// The media type of a problem.
  public static final String CONTENT_TYPE = "application/problem+json";

  /// A problem that has nothing to say beyond its status, such as Jetty's own 400.
  public static Problem of(int status, String slug, String title, String detail) {
    return new Problem(
        "urn:microflow:problem:" + slug, title, status, detail, null, null, List.of(), Map.of());
  }

  /// The same problem for one request.
  public Problem at(String path, String id) {
    return new Problem(type, title, status, detail, path, id, errors, extensions);
  }

  Problem with(List<Fault> faults) {
    return new Problem(type, title, status, detail, instance, requestId, faults, extensions);
  }

  Problem with(Map<String, Object> members) {
    return new Problem(type, title, status, detail, instance, requestId, errors, members);
  }
}
