package com.telconova.local.report.figures;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Something that happens in many places: how often, how long and how much, by place. Beyond a
/// number of places the rest is one.
public final class Sites {
  /// What places beyond the bound are counted under.
  public static final String OTHER = "(other)";

  private final int bound;
  private final Map<String, Site> sites = new HashMap<>();
  private final Site all = new Site("all");

  /// @param bound how many places are told apart
  Sites(int bound) {
    this.bound = bound;
  }

  /// One place, or all of them.
  public static final class Site {
    private final String name;
    private long count;
    private long nanos;
    private long longest;
    private long bytes;

    private Site(String name) {
      this.name = name;
    }

    public String name() {
      return name;
    }

    public long count() {
      return count;
    }

    public long nanos() {
      return nanos;
    }

    public long longest() {
      return longest;
    }

    public long bytes() {
      return bytes;
    }

    private void add(long itsNanos, long itsBytes) {
      count++;
      nanos += Math.max(0, itsNanos);
      longest = Math.max(longest, itsNanos);
      bytes += Math.max(0, itsBytes);
    }
  }

  void add(String name, long nanos, long bytes) {
    all.add(nanos, bytes);
    Site site = sites.get(name);
    if (site == null) {
      String kept = sites.size() < bound ? name : OTHER;
      site = sites.computeIfAbsent(kept, Site::new);
    }
    site.add(nanos, bytes);
  }

  void count(String name) {
    add(name, 0, 0);
  }

  public Site all() {
    return all;
  }

  public boolean isEmpty() {
    return all.count == 0;
  }

  /// Whether there were more places than are told apart.
  public boolean isCut() {
    return sites.containsKey(OTHER);
  }

  /// Those that were most often met, the most first.
  public List<Site> mostFrequent(int limit) {
    return top(limit, Comparator.comparingLong(Site::count));
  }

  /// Those that took longest altogether, the longest first.
  public List<Site> longest(int limit) {
    return top(limit, Comparator.comparingLong(Site::nanos));
  }

  private List<Site> top(int limit, Comparator<Site> by) {
    return sites.values().stream()
        .sorted(by.reversed().thenComparing(Site::name))
        .limit(limit)
        .toList();
  }
}
