package com.telconova.workorder.dispatch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jgrapht.alg.matching.MaximumWeightBipartiteMatching;
import org.jgrapht.graph.DefaultWeightedEdge;
import org.jgrapht.graph.SimpleWeightedGraph;

/// At most one order for each technician, at minimal cost: first the weight of what nobody does,
/// then the late minutes, then the score.
///
/// One number says all three, as the digits of a number say hundreds, tens and ones. The library
/// adds such numbers without rounding, and each is a whole number that a double holds exactly.
final class Matching {
  /// A double holds every whole number up to this.
  private static final double EXACT = 1L << 53;

  private static final Comparator<Pair> BEST_FIRST =
      Comparator.comparingLong(Pair::weight).reversed().thenComparingInt(Pair::price);

  private final List<Pair> pairs;

  private Matching(List<Pair> pairs) {
    this.pairs = pairs;
  }

  /// An open order and somebody who can do it.
  ///
  /// @param weight,price as a [Draft] says
  record Pair(int order, int technician, long weight, int price) {}

  /// Of what is open.
  ///
  /// With 200 technicians, a technician's next order is one of the 200 best for them: of these the
  /// other 199 take 199 at most, and the one that is left would be no worse. The rest is left out.
  /// The same holds of an order with fewer orders than technicians. For 500 orders and 200
  /// technicians it makes the library six times as fast.
  static Matching of(Draft draft) {
    int[] open = draft.open();
    List<Pair> pairs = new ArrayList<>();
    for (int order : open) {
      List<Pair> possible = new ArrayList<>();
      for (int technician = 0; technician < draft.technicians(); technician++) {
        int price = draft.price(order, technician);
        if (price < Draft.NOT_NOW) {
          possible.add(new Pair(order, technician, draft.weight(order), price));
        }
      }
      pairs.addAll(best(possible, open.length));
    }
    int technicians = count(pairs, Pair::technician);
    if (technicians < count(pairs, Pair::order)) {
      pairs =
          pairs.stream()
              .collect(Collectors.groupingBy(Pair::technician, TreeMap::new, Collectors.toList()))
              .values()
              .stream()
              .map(each -> best(each, technicians))
              .flatMap(Collection::stream)
              .toList();
    }
    return new Matching(pairs);
  }

  private static List<Pair> best(List<Pair> pairs, int most) {
    return pairs.size() <= most ? pairs : pairs.stream().sorted(BEST_FIRST).limit(most).toList();
  }

  boolean isEmpty() {
    return pairs.isEmpty();
  }

  /// How much work the optimum would be; roughly 20 ns each.
  long work() {
    return (long) pairs.size()
        * Math.min(count(pairs, Pair::order), count(pairs, Pair::technician));
  }

  /// The best of them, the most urgent order first.
  List<Pair> best() {
    SimpleWeightedGraph<Integer, DefaultWeightedEdge> graph =
        new SimpleWeightedGraph<>(DefaultWeightedEdge.class);
    Set<Integer> orders = new LinkedHashSet<>();
    Set<Integer> technicians = new LinkedHashSet<>();
    for (Pair pair : pairs) {
      orders.add(pair.order());
      technicians.add(vertex(pair));
    }
    orders.forEach(graph::addVertex);
    technicians.forEach(graph::addVertex);

    long most = Math.min(orders.size(), technicians.size());
    long latest = pairs.stream().mapToLong(pair -> Draft.late(pair.price())).max().orElse(0);
    long minute = most * Draft.BEST_SCORE + 1;
    long unit = (most * latest + 1) * minute;
    Map<DefaultWeightedEdge, Pair> edges = new LinkedHashMap<>();
    for (Pair pair : pairs) {
      DefaultWeightedEdge edge = graph.addEdge(pair.order(), vertex(pair));
      long gain =
          pair.weight() * unit - Draft.late(pair.price()) * minute - Draft.lost(pair.price());
      if (gain > EXACT) {
        throw new ArithmeticException("too large a matching to be exact");
      }
      graph.setEdgeWeight(edge, gain);
      edges.put(edge, pair);
    }
    // One round of the algorithm for each vertex of the first side: the smaller one.
    return (orders.size() <= technicians.size()
            ? new MaximumWeightBipartiteMatching<>(graph, orders, technicians)
            : new MaximumWeightBipartiteMatching<>(graph, technicians, orders))
        .getMatching().getEdges().stream()
            .map(edges::get)
            .sorted(Comparator.comparingInt(Pair::order))
            .toList();
  }

  /// Technicians as negative numbers, apart from orders.
  private static int vertex(Pair pair) {
    return -1 - pair.technician();
  }

  private static int count(List<Pair> pairs, ToIntFunction<Pair> side) {
    return (int) pairs.stream().mapToInt(side).distinct().count();
  }
}
