package com.telconova.tracking.timeline;

import java.util.UUID;

/// Whether an order's chain holds.
///
/// @param entries how many links were found
/// @param brokenAt the first link that does not hold; absent when all do
public record Verdict(boolean valid, long entries, Break brokenAt) {
  /// A link that does not hold.
  ///
  /// @param id the entry found there; absent when there is none
  /// @param position in the chain, from 1
  /// @param detail what is wrong with it, in words
  public record Break(UUID id, long position, String detail) {}
}
