package com.telconova.workorder.dispatch;

import com.telconova.workorder.assignment.TechnicianFacts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The best of all plans there are, where there are few orders.
///
/// What it costs to give somebody an order depends on which others they were given before; neither
/// on the sequence of these, nor on what anybody else does. So it is enough to know of each
/// technician the cheapest way to each set of orders, and then the cheapest way to share them all
/// out, one technician after the other: 2ⁿ sets for each and 3ⁿ ways to join two, instead of every
/// sequence there is. Sets are bits of a number.
final class Optimum {
  /// More are never tried.
  private static final int MAX_ORDERS = 10;

  /// About a tenth of a second.
  private static final long MAX_WORK = 10_000_000;

  /// What a price is beside a step.
  private static final int PRICE = 50;

  private static final long IMPOSSIBLE = Long.MAX_VALUE / 4;

  private final Draft empty;
  private final int[] orders;
  private final int sets;
  private final long minute;

  /// The cheapest way to share out each set of orders among the technicians so far.
  private final long[] shared;

  private final List<Share> shares = new ArrayList<>();
  private long work;

  private Optimum(Draft empty) {
    this.empty = empty;
    this.orders = empty.open();
    this.sets = 1 << orders.length;
    this.minute = (long) orders.length * Draft.BEST_SCORE + 1;
    this.shared = impossible();
    shared[0] = 0;
  }

  /// @return a plan that none is better than; empty when it would take too long to know
  static Optional<Draft> of(Draft empty) {
    return empty.open().length > MAX_ORDERS ? Optional.empty() : new Optimum(empty).find();
  }

  /// What one technician can do, and how that was found.
  ///
  /// @param last of each set, the order that is given last
  /// @param taken of each set shared out among the technicians so far, this one's part
  private record Share(int technician, byte[] last, short[] taken) {}

  private Optional<Draft> find() {
    for (int technician = 0; technician < empty.technicians(); technician++) {
      if (canDoAny(technician) && !share(technician)) {
        return Optional.empty();
      }
    }
    int best = 0;
    for (int set = 1; set < sets; set++) {
      long weight = weight(set) - weight(best);
      if (shared[set] < IMPOSSIBLE && (weight > 0 || weight == 0 && shared[set] < shared[best])) {
        best = set;
      }
    }
    return Optional.of(draft(best));
  }

  private boolean canDoAny(int technician) {
    return Arrays.stream(orders).anyMatch(order -> empty.price(order, technician) < Draft.NOT_NOW);
  }

  /// Lets one more technician take part.
  ///
  /// @return false when it takes too long
  private boolean share(int technician) {
    long[] costs = impossible();
    TechnicianFacts[] given = new TechnicianFacts[sets];
    byte[] last = new byte[sets];
    costs[0] = 0;
    given[0] = empty.technician(technician);
    for (int set = 0; set < sets; set++) { // comes after every set that is part of it
      for (int i = 0; costs[set] < IMPOSSIBLE && i < orders.length; i++) {
        int with = set | 1 << i;
        if (with == set || empty.price(orders[i], technician) == Draft.NEVER) {
          continue;
        }
        work += PRICE;
        int price = empty.price(orders[i], given[set]);
        long cost = costs[set] + Draft.late(price) * minute + Draft.lost(price);
        if (price < Draft.NOT_NOW && cost < costs[with]) {
          costs[with] = cost;
          given[with] = given[set].given(empty.order(orders[i]), empty.now());
          last[with] = (byte) i;
        }
      }
      if (work > MAX_WORK) {
        return false;
      }
    }
    shares.add(new Share(technician, last, join(costs)));
    return work <= MAX_WORK;
  }

  /// Joins what the technicians so far share out with what one more does.
  private short[] join(long[] costs) {
    short[] taken = new short[sets];
    long[] before = shared.clone();
    int[] possible = possible(costs);
    for (int others : possible(before)) {
      work += possible.length;
      for (int own : possible) {
        long cost = before[others] + costs[own];
        if ((others & own) == 0 && cost < shared[others | own]) {
          shared[others | own] = cost;
          taken[others | own] = (short) own;
        }
      }
    }
    return taken;
  }

  private static int[] possible(long[] costs) {
    int[] found = new int[costs.length];
    int count = 0;
    for (int set = 0; set < costs.length; set++) {
      if (costs[set] < IMPOSSIBLE) {
        found[count++] = set;
      }
    }
    return Arrays.copyOf(found, count);
  }

  private long[] impossible() {
    long[] costs = new long[sets];
    Arrays.fill(costs, IMPOSSIBLE);
    return costs;
  }

  private long weight(int set) {
    long weight = 0;
    for (int i = 0; i < orders.length; i++) {
      weight += (set >> i & 1) * empty.weight(orders[i]);
    }
    return weight;
  }

  /// The plan that gives out this set.
  private Draft draft(int set) {
    Draft draft = empty.copy();
    int left = set;
    for (Share share : shares.reversed()) {
      int own = share.taken()[left];
      left &= ~own;
      List<Integer> sequence = new ArrayList<>();
      while (own != 0) {
        int i = share.last()[own];
        sequence.addFirst(orders[i]);
        own &= ~(1 << i);
      }
      sequence.forEach(order -> draft.give(order, share.technician()));
    }
    return draft;
  }
}
