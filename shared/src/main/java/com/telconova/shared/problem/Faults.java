package com.telconova.shared.problem;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/// Collects what is wrong with a request body, so that the caller learns of everything at once.
///
/// The first fault at a pointer wins: a value of the wrong type is not also reported as missing. So
/// many are enough: the rest is left out.
public final class Faults {
  private static final int MAX = 100;

  private final List<Fault> found = new ArrayList<>();

  public void add(String pointer, String detail) {
    if (found.size() < MAX && found.stream().noneMatch(fault -> fault.pointer().equals(pointer))) {
      found.add(new Fault(pointer, detail));
    }
  }

  /// Adds a fault unless `holds`.
  public void require(boolean holds, String pointer, String detail) {
    if (!holds) {
      add(pointer, detail);
    }
  }

  /// The value must be there.
  public void present(String pointer, Object value) {
    require(value != null, pointer, "is required");
  }

  /// The text must be there and have `min` to `max` characters (code points), not counting outer
  /// white space.
  public void text(String pointer, String value, int min, int max) {
    present(pointer, value);
    optionalText(pointer, value, min, max);
  }

  /// As [#text], but the text may be missing.
  public void optionalText(String pointer, String value, int min, int max) {
    if (value != null) {
      int length = value.strip().codePoints().toArray().length;
      require(
          length >= min && length <= max, pointer, "takes " + min + " to " + max + " characters");
    }
  }

  /// The text, if there, must match the whole pattern; `rule` says it in words.
  public void matches(String pointer, String value, Pattern pattern, String rule) {
    require(value == null || pattern.matcher(value).matches(), pointer, rule);
  }

  /// The number, if there, must be from `min` to `max`, both included.
  public void range(String pointer, Number value, double min, double max) {
    require(
        value == null || (value.doubleValue() >= min && value.doubleValue() <= max),
        pointer,
        "takes a number from " + plain(min) + " to " + plain(max));
  }

  /// The list, if there, must have at most `max` items.
  public void atMost(String pointer, Collection<?> items, int max) {
    require(items == null || items.size() <= max, pointer, "takes at most " + max + " items");
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  public List<Fault> list() {
    return List.copyOf(found);
  }

  /// @throws Failure.Invalid when anything was found
  public void check() {
    if (!found.isEmpty()) {
      throw new Failure.Invalid(found);
    }
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
