package com.telconova.local.apigateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.telconova.local.apigateway.Contract.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `docs/throttling.yaml`: how often each operation may be called, and which need no key.
///
/// @param root never changed
record Throttles(JsonNode root) {

  private static final String FILE = "docs/throttling.yaml: ";

  static Throttles load(Path file) {
    try {
      return new Throttles(new YAMLMapper().readTree(file.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What holds for a method that no document names, HEAD above all.
  JsonNode otherwise() {
    return root.path("otherwise");
  }

  /// What one key may do over all operations.
  JsonNode key() {
    return root.path("key");
  }

  /// What an operation may do, by its name or by one of its tags; empty when nothing says so.
  Optional<JsonNode> of(Operation operation) {
    return Stream.concat(
            Stream.of(root.path("operations").path(operation.id())),
            tags(operation).map(root.path("tags")::path))
        .filter(JsonNode::isObject)
        .findFirst();
  }

  /// Whether a browser or a mail program calls it by itself, which cannot send a key.
  boolean isWithoutKey(Operation operation) {
    var exempt = root.path("withoutKey");
    return contains(exempt.path("operations"), operation.id())
        || tags(operation).anyMatch(tag -> contains(exempt.path("tags"), tag));
  }

  /// What is wrong with it: an operation without a rule, a name without an operation, a number that
  /// is none.
  List<String> faults(List<Operation> operations) {
    var faults = new ArrayList<String>();
    operations.stream()
        .filter(operation -> of(operation).isEmpty())
        .forEach(operation ->
            faults.add(FILE + operation.place() + " needs a line for " + operation.id() + "."));
    var known = operations.stream().map(Operation::id).collect(Collectors.toSet());
    Stream.concat(
            root.path("operations").propertyStream().map(Map.Entry::getKey),
            root.path("withoutKey").path("operations").valueStream().map(JsonNode::asText))
        .filter(name -> !known.contains(name))
        .forEach(name -> faults.add(FILE + "there is no operation " + name + "."));
    Stream.of(
            root.path("operations").propertyStream(),
            root.path("tags").propertyStream(),
            Stream.of(Map.entry("otherwise", otherwise()), Map.entry("key", key())))
        .flatMap(rules -> rules)
        .filter(rule -> !isRule(rule.getValue()))
        .forEach(rule ->
            faults.add(FILE + rule.getKey() + " takes {rate: N, burst: N}, each from 1 to 10000."));
    return faults;
  }

  private static Stream<String> tags(Operation operation) {
    return operation.node().path("tags").valueStream().map(JsonNode::asText);
  }

  private static boolean contains(JsonNode names, String name) {
    return names.valueStream().anyMatch(each -> each.asText().equals(name));
  }

  // An account has 10,000 requests a second over all of its APIs.
  private static boolean isRule(JsonNode rule) {
    return rule.size() == 2 && isCount(rule.path("rate")) && isCount(rule.path("burst"));
  }

  private static boolean isCount(JsonNode number) {
    return number.isInt() && number.asInt() >= 1 && number.asInt() <= 10_000;
  }
}
