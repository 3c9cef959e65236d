package com.telconova.tracking.live;

/// Where an entry stands in a feed: by position in the feed of one order, by transaction and then
/// serial number in that of all.
record Place(long major, long minor) implements Comparable<Place> {
  @Override
  public int compareTo(Place other) {
    int byMajor = Long.compare(major, other.major);
    return byMajor == 0 ? Long.compare(minor, other.minor) : byMajor;
  }

  boolean isAfter(Place other) {
    return compareTo(other) > 0;
  }
}
