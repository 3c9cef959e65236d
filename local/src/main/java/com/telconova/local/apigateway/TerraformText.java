package com.telconova.local.apigateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.json.Mappers;
import java.util.List;
import java.util.regex.Pattern;

/// JSON as a template for Terraform's `templatefile`: what it would take for a sequence of its own
/// is escaped, and only the values below are its to fill in.
///
/// https://developer.hashicorp.com/terraform/language/expressions/strings
public final class TerraformText {

  static final String VPC_LINK_ID = placeholder("vpc_link_id");
  static final String LOAD_BALANCER_ARN = placeholder("load_balancer_arn");
  static final String LOAD_BALANCER_URL = placeholder("load_balancer_url");
  static final String ALLOWED_ORIGIN = placeholder("allowed_origin");
  static final String API_NAME = placeholder("api_name");

  /// The names of all there are.
  static final List<String> NAMES =
      List.of(
          "vpc_link_id", "load_balancer_arn", "load_balancer_url", "allowed_origin", "api_name");

  // Of the private use area: in no document, and no quote or backslash to JSON.
  private static final char BEGIN = '\uE000';
  private static final char END = '\uE001';
  private static final Pattern MARKED = Pattern.compile(BEGIN + "([a-z_]+)" + END);

  private TerraformText() {}

  /// As text, indented by two, with a line's end after it.
  static String of(JsonNode document) {
    try {
      var json = Mappers.TOLERANT.writer(printer()).writeValueAsString(document) + "\n";
      var escaped = json.replace("${", "$${").replace("%{", "%%{");
      return MARKED.matcher(escaped).replaceAll("\\${$1}");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What Terraform would make of it, with the same text for every value.
  public static String filled(String template, String value) {
    var text = template;
    for (var name : NAMES) {
      text = text.replace("${" + name + "}", value);
    }
    return text.replace("$${", "${").replace("%%{", "%{");
  }

  private static String placeholder(String name) {
    return BEGIN + name + END;
  }

  private static DefaultPrettyPrinter printer() {
    var indenter = new DefaultIndenter("  ", "\n");
    var separators =
        Separators.createDefaultInstance()
            .withObjectFieldValueSpacing(Spacing.AFTER)
            .withObjectEmptySeparator("")
            .withArrayEmptySeparator("");
    return new DefaultPrettyPrinter(separators).withObjectIndenter(indenter);
  }
}
