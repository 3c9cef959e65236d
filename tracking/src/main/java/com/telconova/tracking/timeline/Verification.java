package com.telconova.tracking.timeline;

/// Walks along a chain, link by link, and remembers the first that does not hold.
///
/// What a chain cannot show: that somebody who may write to the whole database wrote all of it
/// anew, heads included.
final class Verification {
  private long entries;
  private long position;
  private String previous = Chain.START;
  private Verdict.Break broken;

  /// The next link, in the order of their positions.
  void add(Entry entry) {
    entries++;
    if (broken != null) {
      return;
    }
    position++;
    if (entry.position() != position) {
      breakAt(null, position, "There is no entry at this position; the next one has another.");
    } else if (!entry.previousHash().equals(previous)) {
      breakAt(entry, position, "Its predecessor's hash is not that of the entry before it.");
    } else if (!entry.hash().equals(Chain.hash(previous, entry.what()))) {
      breakAt(entry, position, "What it says does not hash to its hash.");
    }
    previous = entry.hash();
  }

  /// What was found, seen together with what the chain's head says.
  Verdict verdict(TimelineRepository.Head head) {
    if (broken == null && head.length() > position) {
      breakAt(
          null, position + 1, "Entries are missing at the end: there were " + head.length() + ".");
    } else if (broken == null && head.length() < position) {
      breakAt(null, head.length() + 1, "The chain's head does not know of this entry.");
    } else if (broken == null && !head.hash().equals(previous)) {
      breakAt(null, position, "The last entry's hash is not the one that the head has.");
    }
    return new Verdict(broken == null, entries, broken);
  }

  private void breakAt(Entry entry, long at, String detail) {
    broken = new Verdict.Break(entry == null ? null : entry.what().id(), at, detail);
  }
}
