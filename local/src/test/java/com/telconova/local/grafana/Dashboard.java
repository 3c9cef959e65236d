package com.telconova.local.grafana;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One dashboard of Grafana, built row by row. In a query `@` is the choice of service and instance
/// that the viewer made, `@@` that of the service alone.
///
/// https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
final class Dashboard {
  /// Of Grafana 12; older ones are migrated when they are read.
  private static final int SCHEMA = 41;

  private static final int COLUMNS = 24;
  private static final int HEIGHT = 8;
  private static final String DATASOURCE = "${datasource}";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String uid;
  private final String title;
  private final String description;
  private final String service;
  private final ArrayNode panels = JSON.arrayNode();
  private int x;
  private int y;
  private int tall;

  /// @param legend with labels in double braces
  record Query(String expression, String legend) {}

  /// @param service the one that it shows, or null when the viewer chooses
  Dashboard(String uid, String title, String description, String service) {
    this.uid = uid;
    this.title = title;
    this.description = description;
    this.service = service;
  }

  String uid() {
    return uid;
  }

  /// How fast a counter grows a second, added up by these labels.
  static Query rate(String counter, String... by) {
    return new Query(
        "sum by (%s) (rate(%s[$__rate_interval]))".formatted(list(by), select(counter)),
        legend(by));
  }

  /// What gauges say, added up by these labels: for what each instance has for itself.
  static Query sum(String gauge, String... by) {
    return new Query("sum by (%s) (%s)".formatted(list(by), select(gauge)), legend(by));
  }

  /// What gauges say, the most of them by these labels: for what all instances say of the same
  /// thing.
  static Query max(String gauge, String... by) {
    return new Query("max by (%s) (%s)".formatted(list(by), select(gauge)), legend(by));
  }

  /// The time within which this share of what a histogram counted was done.
  static Query quantile(double share, String histogram, String... by) {
    return new Query(
        "histogram_quantile(%s, sum by (%s) (rate(%s[$__rate_interval])))"
            .formatted(
                share, list(Stream.concat(Stream.of("le"), Arrays.stream(by))), bucket(histogram)),
        "p%.0f %s".formatted(100 * share, legend(by)).strip());
  }

  private static String bucket(String histogram) {
    int brace = histogram.indexOf('{');
    return select(
        brace < 0
            ? histogram + "_bucket"
            : histogram.substring(0, brace) + "_bucket" + histogram.substring(brace));
  }

  /// A selector, whatever else it selects by, of what the viewer chose.
  static String select(String metric) {
    return metric.contains("{") ? metric.replace("{", "{@, ") : metric + "{@}";
  }

  static Query query(String expression, String legend) {
    return new Query(expression, legend);
  }

  private static String list(String... by) {
    return list(Arrays.stream(by));
  }

  private static String list(Stream<String> by) {
    return by.collect(Collectors.joining(", "));
  }

  private static String legend(String... by) {
    return Arrays.stream(by).map(label -> "{{" + label + "}}").collect(Collectors.joining(" "));
  }

  /// Begins a new row.
  Dashboard row(String name) {
    if (x > 0) {
      x = 0;
      y += tall;
    }
    panels
        .addObject()
        .put("id", panels.size())
        .put("type", "row")
        .put("title", name)
        .put("collapsed", false)
        .<ObjectNode>set("gridPos", position(COLUMNS, 1))
        .putArray("panels");
    y += 1;
    return this;
  }

  /// Curves over time, three beside each other.
  ///
  /// @param unit Grafana's name of it
  Dashboard graph(String name, String unit, String about, Query... queries) {
    return graph(name, unit, about, List.of(), queries);
  }

  /// The same with lines at which it becomes remarkable, and at which it is bad.
  ///
  /// @param limits one or two
  Dashboard graph(String name, String unit, String about, List<Double> limits, Query... queries) {
    var panel = panel("timeseries", name, unit, about, limits, 8, HEIGHT, queries);
    panel
        .withObject("/fieldConfig/defaults/custom")
        .put("drawStyle", "line")
        .put("lineWidth", 1)
        .put("fillOpacity", 8)
        .put("showPoints", "never")
        .put("spanNulls", false)
        .putObject("thresholdsStyle")
        .put("mode", limits.isEmpty() ? "off" : "dashed");
    var options = panel.putObject("options");
    options
        .putObject("legend")
        .put("showLegend", true)
        .put("displayMode", "table")
        .put("placement", "bottom")
        .putArray("calcs")
        .add("lastNotNull")
        .add("max");
    options.putObject("tooltip").put("mode", "multi").put("sort", "desc");
    return this;
  }

  /// The newest figure, large; four beside each other.
  Dashboard figure(String name, String unit, String about, List<Double> limits, Query... queries) {
    var panel = panel("stat", name, unit, about, limits, 6, HEIGHT / 2, queries);
    var options = panel.putObject("options");
    options
        .put("colorMode", limits.isEmpty() ? "none" : "value")
        .put("graphMode", "area")
        .put("textMode", "auto")
        .put("justifyMode", "auto")
        .put("orientation", "auto");
    var reduced = options.putObject("reduceOptions").put("fields", "").put("values", false);
    reduced.putArray("calcs").add("lastNotNull");
    return this;
  }

  private ObjectNode panel(
      String type,
      String name,
      String unit,
      String about,
      List<Double> limits,
      int width,
      int height,
      Query... queries) {
    if (x + width > COLUMNS) {
      x = 0;
      y += tall;
    }
    tall = height;
    var panel = panels.addObject();
    panel
        .put("id", panels.size())
        .put("type", type)
        .put("title", name)
        .put("description", about)
        .set("datasource", datasource());
    panel.set("gridPos", position(width, height));
    x += width;
    var defaults = panel.putObject("fieldConfig").putObject("defaults").put("unit", unit);
    defaults.putObject("color").put("mode", type.equals("stat") ? "thresholds" : "palette-classic");
    // Growing is worse, unless the second limit is the lower one.
    boolean lowIsBad = limits.size() == 2 && limits.get(1) < limits.get(0);
    var steps = defaults.putObject("thresholds").put("mode", "absolute").putArray("steps");
    steps.addObject().put("color", lowIsBad ? "red" : "green").putNull("value");
    var colors = lowIsBad ? List.of("orange", "green") : List.of("orange", "red");
    var ascending = limits.stream().sorted().toList();
    for (int i = 0; i < ascending.size(); i++) {
      steps.addObject().put("color", colors.get(i)).put("value", ascending.get(i));
    }
    if (!unit.equals("dateTimeFromNow")) {
      defaults.put("min", 0);
    }
    panel.withObject("/fieldConfig").putArray("overrides");
    var targets = panel.putArray("targets");
    for (Query query : queries) {
      targets
          .addObject()
          .put("refId", String.valueOf((char) ('A' + targets.size() - 1)))
          .put("expr", chosen(query.expression()))
          .put("legendFormat", query.legend())
          .put("editorMode", "code")
          .put("range", true)
          .put("instant", false)
          .set("datasource", datasource());
    }
    return panel;
  }

  private String chosen(String expression) {
    String byService = service == null ? "service=~\"$service\"" : "service=\"" + service + "\"";
    return expression
        .replace("@@", byService)
        .replace("@", byService + ", instance=~\"$instance\"");
  }

  /// The file that Grafana reads.
  ///
  /// @param all by uid, to lead to the others
  ObjectNode json(Map<String, String> all) {
    var root = JSON.objectNode();
    root.put("uid", uid).put("title", title).put("description", description);
    root.putArray("tags").add("microflow");
    root.put("schemaVersion", SCHEMA)
        .put("version", 1)
        .put("editable", true)
        .put("graphTooltip", 1)
        .put("refresh", "30s")
        .put("timezone", "browser");
    root.putObject("time").put("from", "now-1h").put("to", "now");
    root.putObject("timepicker");
    var links = root.putArray("links");
    all.forEach((other, name) -> {
      if (!other.equals(uid)) {
        links
            .addObject()
            .put("type", "link")
            .put("title", name)
            .put("tooltip", "")
            .put("icon", "dashboard")
            .put("url", "/d/" + other)
            .put("keepTime", true)
            .put("includeVars", true)
            .put("targetBlank", false)
            .put("asDropdown", false)
            .putArray("tags");
      }
    });
    annotations(root.putObject("annotations").putArray("list"));
    var variables = root.putObject("templating").putArray("list");
    variables
        .addObject()
        .put("name", "datasource")
        .put("label", "Prometheus")
        .put("type", "datasource")
        .put("query", "prometheus")
        .put("refresh", 1)
        .put("hide", 0);
    if (service == null) {
      variable(variables, "service", "label_values(up{service=~\".+\"}, service)");
    }
    variable(variables, "instance", chosen("label_values(up{@@}, instance)"));
    root.set("panels", panels.deepCopy());
    return root;
  }

  /// When a process began is when it was deployed, or came back.
  private void annotations(ArrayNode list) {
    var own = list.addObject();
    own.put("builtIn", 1)
        .put("name", "Annotations & Alerts")
        .put("type", "dashboard")
        .put("enable", true)
        .put("hide", true)
        .put("iconColor", "rgba(0, 211, 255, 1)")
        .putObject("datasource")
        .put("type", "grafana")
        .put("uid", "-- Grafana --");
    list.addObject()
        .put("name", "Starts")
        .put("enable", true)
        .put("iconColor", "blue")
        .put("expr", chosen("process_start_time_seconds{@} * 1000"))
        .put("useValueForTime", true)
        .put("step", "60s")
        .put("titleFormat", "{{instance}} started")
        .put("textFormat", "{{service}}")
        .set("datasource", datasource());
  }

  private static void variable(ArrayNode variables, String name, String query) {
    var variable =
        variables
            .addObject()
            .put("name", name)
            .put("label", name)
            .put("type", "query")
            .put("definition", query)
            .put("refresh", 2)
            .put("sort", 1)
            .put("multi", true)
            .put("includeAll", true)
            .put("allValue", ".+")
            .put("hide", 0);
    variable.set("datasource", datasource());
    variable
        .putObject("query")
        .put("qryType", 1)
        .put("query", query)
        .put("refId", "PrometheusVariableQueryEditor-VariableQuery");
    var current = variable.putObject("current");
    current.putArray("text").add("All");
    current.putArray("value").add("$__all");
  }

  private static ObjectNode datasource() {
    return JSON.objectNode().put("type", "prometheus").put("uid", DATASOURCE);
  }

  private ObjectNode position(int width, int height) {
    return JSON.objectNode().put("h", height).put("w", width).put("x", x).put("y", y);
  }
}
