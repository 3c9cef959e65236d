package com.telconova.workorder.dispatch;

import com.telconova.workorder.assignment.Candidate;
import com.telconova.workorder.assignment.OrderFacts;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
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

  private Matching() {}

  /// An order and somebody who can do it.
  record Pair(OrderFacts order, Candidate candidate) {}

  /// How much work the optimum would be; roughly 70 ns each.
  static long work(List<Pair> pairs) {
    long orders = pairs.stream().map(pair -> pair.order().id()).distinct().count();
    long technicians =
        pairs.stream().map(pair -> pair.candidate().technicianId()).distinct().count();
    return Math.min(orders, technicians) * pairs.size();
  }

  /// @param pairs grouped by order
  /// @return the best of them, in the order of `pairs`
  static List<Pair> best(List<Pair> pairs) {
    SimpleWeightedGraph<UUID, DefaultWeightedEdge> graph =
        new SimpleWeightedGraph<>(DefaultWeightedEdge.class);
    Set<UUID> orders = new LinkedHashSet<>();
    Set<UUID> technicians = new LinkedHashSet<>();
    for (Pair pair : pairs) {
      orders.add(pair.order().id());
      technicians.add(pair.candidate().technicianId());
    }
    orders.forEach(graph::addVertex);
    technicians.forEach(graph::addVertex);

    long most = Math.min(orders.size(), technicians.size());
    long latest = pairs.stream().mapToLong(pair -> Draft.late(pair.candidate())).max().orElse(0);
    long minute = most * Draft.BEST_SCORE + 1;
    long unit = (most * latest + 1) * minute;
    Map<DefaultWeightedEdge, Pair> edges = new LinkedHashMap<>();
    for (Pair pair : pairs) {
      DefaultWeightedEdge edge = graph.addEdge(pair.order().id(), pair.candidate().technicianId());
      long gain =
          Draft.weight(pair.order().priority()) * unit
              - Draft.late(pair.candidate()) * minute
              - (Draft.BEST_SCORE - pair.candidate().score());
      if (gain > EXACT) {
        throw new ArithmeticException("too large a matching to be exact");
      }
      graph.setEdgeWeight(edge, gain);
      edges.put(edge, pair);
    }
    // One round of the algorithm for each vertex of the first side: the smaller one.
    Set<DefaultWeightedEdge> chosen =
        (orders.size() <= technicians.size()
                ? new MaximumWeightBipartiteMatching<>(graph, orders, technicians)
                : new MaximumWeightBipartiteMatching<>(graph, technicians, orders))
            .getMatching()
            .getEdges();
    return edges.entrySet().stream()
        .filter(entry -> chosen.contains(entry.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }
}
