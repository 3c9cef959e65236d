package com.telconova.local.lab;

import java.util.Comparator;
import java.util.List;

/// All there are.
final class Experiments {
  private static final int NEAR = 4;

  private Experiments() {}

  /// In the order of a course: what a process is, what it runs on, how it talks, how it ends.
  static List<Experiment> all() {
    return List.of(
        new ProcessStart(),
        new ThreadCost(),
        new ContextSwitches(),
        new Nice(),
        new CpuLimit(),
        new MemoryLimit(),
        new PageCache(),
        new DescriptorCost(),
        new IpcLatency(),
        new BackPressure(),
        new Death());
  }

  /// The names that look like this one, nearest first; empty when none does.
  static List<String> near(String name) {
    return all().stream()
        .map(Experiment::name)
        .filter(known -> distance(name, known) <= NEAR || known.contains(name) && name.length() > 2)
        .sorted(Comparator.comparingInt(known -> distance(name, known)))
        .limit(3)
        .toList();
  }

  /// How many letters have to be put in, taken out or changed (Levenshtein).
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
