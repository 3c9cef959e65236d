package com.telconova.local.workbench;

import com.telconova.local.gateway.Terms;
import java.util.OptionalInt;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// What the command line asks for: how many of each service, and where.
///
/// @param offset empty to take the first from 100 at which all ports are free
/// @param instances of each service, 1 or 2
/// @param rig what is added to the processes
/// @param terms what the gateway asks of its callers
public record Plan(OptionalInt offset, int instances, Rig rig, Terms terms) {

  /// Of the processes as they are, behind the gateway as it is.
  public Plan(OptionalInt offset, int instances) {
    this(offset, instances, Rig.NONE, Terms.USUAL);
  }

  /// Of processes to measure or to break, whose gateway must not be what gives way.
  public Plan(OptionalInt offset, int instances, Rig rig) {
    this(offset, instances, rig, Terms.NONE);
  }

  /// The same, on other terms.
  public Plan with(Terms others) {
    return new Plan(offset, instances, rig, others);
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
