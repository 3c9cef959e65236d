package com.telconova.tracking.timeline;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.util.UUID;

/// An entry as the API shows it.
///
/// @param actor absent when nobody in particular did it
/// @param data to the letter as stored, so that whoever likes can recompute the hash
/// @param hash 64 hexadecimal digits
public record EntryJson(
    UUID id, String type, Instant time, Actor actor, @JsonRawValue String data, String hash) {
  public static EntryJson of(Entry entry) {
    NewEntry what = entry.what();
    return new EntryJson(
        what.id(), what.type(), what.time(), what.actor(), what.data(), entry.hash());
  }
}
