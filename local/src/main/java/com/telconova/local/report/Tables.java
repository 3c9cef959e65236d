package com.telconova.local.report;

import com.telconova.local.report.figures.Histogram;
import com.telconova.local.report.figures.Sites;
import com.telconova.local.report.page.Block;
import com.telconova.local.report.page.Units;
import java.util.List;
import java.util.Map;

/// Tables that look the same everywhere.
final class Tables {
  private Tables() {}

  /// How long some things took: one in each row.
  static Block durations(String title, Map<String, Histogram> rows) {
    return new Block.Grid(
        title,
        List.of("", "count>", "p50>", "p99>", "longest>"),
        rows.entrySet().stream()
            .map(row ->
                List.of(
                    row.getKey(),
                    Units.count(row.getValue().count()),
                    Durations.quantile(row.getValue(), 0.5),
                    Durations.quantile(row.getValue(), 0.99),
                    Durations.longest(row.getValue())))
            .toList(),
        "");
  }

  /// Where something took longest, altogether.
  static Block longest(String title, String heading, Sites sites, int rows, String empty) {
    String all =
        sites.isEmpty()
            ? ""
            : ": %s, %s altogether"
                .formatted(Units.count(sites.all().count()), Units.nanos(sites.all().nanos()));
    return new Block.Grid(
        title + all,
        List.of(heading, "count>", "sum>", "longest>"),
        sites.longest(rows).stream()
            .map(site ->
                List.of(
                    Names.brief(site.name()),
                    Units.count(site.count()),
                    Units.nanos(site.nanos()),
                    Units.nanos(site.longest())))
            .toList(),
        empty);
  }
}
