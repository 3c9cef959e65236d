package com.telconova.shared.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.token.Role;
import java.util.List;
import java.util.Set;

/// One operation of an [ApiContract].
///
/// @param path with its parameters in braces
/// @param roles who may call it
/// @param parameters of path, query and header
/// @param contentType of the request's body; null when it takes none
/// @param bodySchema,bodyExample null when it takes no body
/// @param statuses the documented ones
public record Operation(
    String method,
    String path,
    Set<Role> roles,
    List<Parameter> parameters,
    String contentType,
    JsonNode bodySchema,
    JsonNode bodyExample,
    Set<Integer> statuses) {

  /// @param in `path`, `query` or `header`
  public record Parameter(String name, String in, JsonNode schema) {}

  /// Whether it takes a JSON body.
  public boolean takesJson() {
    return "application/json".equals(contentType);
  }

  public boolean isOpenToAnyone() {
    return roles.contains(Role.ANYONE);
  }

  /// The parameters in one place.
  public List<Parameter> parameters(String in) {
    return parameters.stream().filter(parameter -> parameter.in().equals(in)).toList();
  }

  /// Its path with the same text for every parameter.
  public String pathWith(String value) {
    return path.replaceAll("\\{[^}]+}", value);
  }

  boolean matches(String sent) {
    return sent.matches("\\Q" + path.replaceAll("\\{[^}]+}", "\\\\E[^/]+\\\\Q") + "\\E");
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
