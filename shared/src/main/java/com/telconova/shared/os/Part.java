package com.telconova.shared.os;

/// Reads one aspect of the process. What cannot be read is left out. Called by one thread at a
/// time.
interface Part {
  void collect(Scrape scrape);
}
