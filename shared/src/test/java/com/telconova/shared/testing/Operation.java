package com.telconova.shared.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.token.Role;
import java.util.List;
import java.util.Set;

/// One operation of an [ApiContract].
///
/// @param id the document's `operationId`
/// @param description in Markdown, empty when there is none
/// @param path with its parameters in braces
/// @param roles who may call it
/// @param parameters of path, query and header
/// @param contentType of the request's body; null when it takes none
/// @param bodySchema,bodyExample null when it takes no body
/// @param statuses the documented ones
public record Operation(
    String id,
    String description,
    String method,
    String path,
    Set<Role> roles,
    List<Parameter> parameters,
    String contentType,
    JsonNode bodySchema,
    JsonNode bodyExample,
    Set<Integer> statuses) {
  private static final String BOUNDARY = "no-such-line";

  /// The content type of the form that [#exampleBody] makes.
  static final String FORM_TYPE = "multipart/form-data; boundary=" + BOUNDARY;

  /// @param in `path`, `query` or `header`
  /// @param example null when there is none
  public record Parameter(String name, String in, JsonNode schema, JsonNode example) {}

  /// Whether it takes a JSON body.
  public boolean takesJson() {
    return "application/json".equals(contentType);
  }

  /// Whether it takes a form with files.
  public boolean takesForm() {
    return "multipart/form-data".equals(contentType);
  }

  /// The documented example of the body, as JSON or as a form; null when it takes no body.
  public String exampleBody() {
    return takesForm() ? form() : bodyExample == null ? null : bodyExample.toString();
  }

  private String form() {
    StringBuilder form = new StringBuilder();
    bodySchema
        .get("properties")
        .properties()
        .forEach(part -> {
          boolean file = part.getValue().path("format").asText().equals("binary");
          String value = bodyExample.path(part.getKey()).asText();
          form.append(
              "--%s\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n%s\r\n"
                  .formatted(BOUNDARY, part.getKey(), file ? "; filename=\"a.txt\"" : "", value));
        });
    return form.append("--").append(BOUNDARY).append("--\r\n").toString();
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

  /// Its path with the documented example of every parameter.
  public String examplePath() {
    String path = this.path;
    for (Parameter parameter : parameters("path")) {
      path = path.replace("{" + parameter.name() + "}", parameter.example().asText());
    }
    return path;
  }

  boolean matches(String sent) {
    return sent.matches("\\Q" + path.replaceAll("\\{[^}]+}", "\\\\E[^/]+\\\\Q") + "\\E");
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
