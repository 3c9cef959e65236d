package com.telconova.local.workbench;

import java.util.OptionalInt;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// What the command line asks for: how many of each service, and where.
///
/// @param offset empty to take the first from 100 at which all ports are free
/// @param instances of each service, 1 or 2
/// @param rig what is added to the processes
public record Plan(OptionalInt offset, int instances, Rig rig) {

  /// Of the processes as they are.
  public Plan(OptionalInt offset, int instances) {
    this(offset, instances, Rig.NONE);
  }

  /// Reads `--port-offset`: a number, or `auto`.
  public static final class Offset implements ITypeConverter<OptionalInt> {
    @Override
    public OptionalInt convert(String value) {
      try {
        return value.equals("auto") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(value));
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + value + "' is neither a number nor auto.");
      }
    }
  }

  /// Ports that are free now.
  ///
  /// @throws com.telconova.shared.testing.MissingPrerequisite when they are not, naming each and
  ///   the remedy
  Ports ports() {
    if (offset.isEmpty()) {
      return Ports.free(instances);
    }
    var ports = new Ports(offset.getAsInt(), instances);
    ports.check();
    return ports;
  }
}
