package com.telconova.local.grafana;

import static com.telconova.local.grafana.Dashboard.max;
import static com.telconova.local.grafana.Dashboard.quantile;
import static com.telconova.local.grafana.Dashboard.query;
import static com.telconova.local.grafana.Dashboard.rate;
import static com.telconova.local.grafana.Dashboard.select;
import static com.telconova.local.grafana.Dashboard.sum;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All that is shown. What Grafana reads is checked in below `grafana/dashboards`; this makes it.
final class Dashboards {
  private static final String OVERVIEW = "microflow-overview";
  private static final String AUTH = "microflow-auth";
  private static final String WORKORDER = "microflow-workorder";
  private static final String TRACKING = "microflow-tracking";
  private static final String SYSTEM = "microflow-os";
  private static final String EVENTS = "microflow-events";
  private static final String BUSINESS = "microflow-business";

  private static final Map<String, String> TITLES = titles();

  private static final String HTTP = "http_server_request_duration_seconds";
  private static final List<Double> NONE = List.of();

  private Dashboards() {}

  private static Map<String, String> titles() {
    Map<String, String> titles = new LinkedHashMap<>();
    titles.put(OVERVIEW, "Overview");
    titles.put(AUTH, "auth");
    titles.put(WORKORDER, "workorder");
    titles.put(TRACKING, "tracking");
    titles.put(EVENTS, "Events");
    titles.put(BUSINESS, "Business");
    titles.put(SYSTEM, "Operating system");
    return titles;
  }

  /// What each file holds, by its name.
  static Map<String, ObjectNode> files() {
    Map<String, ObjectNode> files = new LinkedHashMap<>();
    for (Dashboard one :
        List.of(overview(), auth(), workorder(), tracking(), events(), business(), system())) {
      files.put(one.uid().replace("microflow-", "") + ".json", one.json(TITLES));
    }
    return files;
  }

  private static Dashboard dashboard(String uid, String description) {
    return new Dashboard(uid, "MicroFlow: " + TITLES.get(uid), description, null);
  }

  private static Dashboard ofService(String uid, String description) {
    String service = TITLES.get(uid);
    return new Dashboard(uid, "MicroFlow: " + service, description, service);
  }

  private static Dashboard overview() {
    return dashboard(OVERVIEW, "Whether all is well, and where to look when it is not.")
        .row("All is well")
        .figure(
            "Instances that answer",
            "none",
            "Processes whose admin port answered the last scrape.",
            NONE,
            query("count by (service) (up{@} == 1)", "{{service}}"))
        .figure(
            "Available, last hour",
            "percentunit",
            "Requests answered with something other than 5xx. Promised: 99.9 %.",
            List.of(0.999, 0.99),
            query("1 - service:http_requests_failed:ratio_rate1h{@@}", "{{service}}"))
        .figure(
            "Quick, last hour",
            "percentunit",
            "Requests answered within half a second; without streams, exports and files. Promised: 99"
                + " %.",
            List.of(0.99, 0.95),
            query("1 - service:http_requests_slow:ratio_rate1h{@@}", "{{service}}"))
        .figure(
            "Alerts",
            "none",
            "Alerts that fire at this moment. Prometheus' own page lists them.",
            List.of(1., 3.),
            query(
                "count(ALERTS{alertstate=\"firing\", service=~\"$service\"}) or vector(0)",
                "firing"))
        .row("Requests")
        .graph("Requests", "reqps", "Requests a second.", rate(HTTP + "_count", "service"))
        .graph(
            "Failures",
            "reqps",
            "Requests answered with 5xx, by status. 503 is too much work at the moment.",
            query(
                "sum by (service, http_response_status_code) (rate("
                    + select(HTTP + "_count{http_response_status_code=~\"5..\"}")
                    + "[$__rate_interval])) or 0 * sum by (service) (rate("
                    + select(HTTP + "_count")
                    + "[$__rate_interval]))",
                "{{service}} {{http_response_status_code}}"))
        .graph(
            "Latency",
            "s",
            "99 of 100 requests took no longer, and half of them; streams are left out.",
            List.of(0.5),
            quantile(.99, HTTP + "{http_route!~\".*/stream\"}", "service"),
            quantile(.5, HTTP + "{http_route!~\".*/stream\"}", "service"))
        .row("Promises")
        .graph(
            "Budget of failures burns at",
            "none",
            "How many times faster than a month's allowance of 0.1 % lasts. An alert wakes somebody at"
                + " 14.4 over an hour, or at 6 over six.",
            List.of(6., 14.4),
            query("service:http_requests_failed:ratio_rate5m{@@} / 0.001", "{{service}} 5 min"),
            query("service:http_requests_failed:ratio_rate30m{@@} / 0.001", "{{service}} 30 min"),
            query("service:http_requests_failed:ratio_rate1h{@@} / 0.001", "{{service}} 1 h"),
            query("service:http_requests_failed:ratio_rate6h{@@} / 0.001", "{{service}} 6 h"))
        .graph(
            "Budget of slow answers burns at",
            "none",
            "How many times faster than a month's allowance of 1 % lasts.",
            List.of(6., 14.4),
            query("service:http_requests_slow:ratio_rate5m{@@} / 0.01", "{{service}} 5 min"),
            query("service:http_requests_slow:ratio_rate30m{@@} / 0.01", "{{service}} 30 min"),
            query("service:http_requests_slow:ratio_rate1h{@@} / 0.01", "{{service}} 1 h"),
            query("service:http_requests_slow:ratio_rate6h{@@} / 0.01", "{{service}} 6 h"))
        .graph(
            "Turned away before the database",
            "ops",
            "Callers that found neither a place at the database nor one to wait in.",
            List.of(1.),
            rate("db_gate_refused_total", "service", "lane"))
        .row("Events and work")
        .graph(
            "Age of the oldest event not sent",
            "s",
            "How far behind other services are. NaN: the outbox cannot be read.",
            List.of(60., 300.),
            max("outbox_lag_seconds", "service"))
        .graph(
            "Dead letters",
            "none",
            "Events that failed five times. See ./microflow dlq.",
            List.of(1.),
            max("sqs_queue_messages{queue=~\".+-dlq\", state=\"visible\"}", "queue"))
        .graph(
            "Open orders",
            "none",
            "Orders that have not ended, by state.",
            query(
                "sum by (status) (max by (status, priority) (" + select("orders_open") + "))",
                "{{status}}"))
        .row("Processes")
        .graph(
            "Processor",
            "none",
            "Processors in use, of those that the process believes to have.",
            rate("process_cpu_seconds_total", "instance"))
        .graph(
            "Memory",
            "bytes",
            "What of each process is in memory.",
            sum("process_memory_bytes{type=\"rss\"}", "instance"))
        .graph(
            "Share of descriptors in use",
            "percentunit",
            "Open files and sockets, of those it may have.",
            List.of(.6, .8),
            query(
                "sum by (service, instance) (process_fds{@}) / on (service, instance)"
                    + " process_max_fds{@}",
                "{{instance}}"));
  }

  private static Dashboard requests(Dashboard one) {
    return one.row("Requests")
        .graph(
            "Requests by answer",
            "reqps",
            "Requests a second, by status.",
            rate(HTTP + "_count", "http_response_status_code"))
        .graph(
            "Requests by route",
            "reqps",
            "The ten busiest routes. unmatched: no route, or refused at the door.",
            query(
                "topk(10, sum by (http_request_method, http_route) (rate("
                    + select(HTTP + "_count")
                    + "[$__rate_interval])))",
                "{{http_request_method}} {{http_route}}"))
        .graph(
            "Latency by route",
            "s",
            "99 of 100 requests of a route took no longer; the ten slowest. A stream is as long as"
                + " somebody listens.",
            query(
                "topk(10, histogram_quantile(0.99, sum by (le, http_request_method, http_route) (rate("
                    + select(HTTP + "_bucket")
                    + "[$__rate_interval]))))",
                "{{http_request_method}} {{http_route}}"));
  }

  private static Dashboard database(Dashboard one) {
    return one.row("Database")
        .graph(
            "Connections",
            "none",
            "Connections of the pool that are in use, and that are idle.",
            sum("db_client_connection_count", "instance", "state"))
        .graph(
            "Waiting for the database",
            "none",
            "Callers that wait for a place. At 50 requests the next is turned away.",
            List.of(25., 50.),
            sum("db_gate_waiting", "instance", "lane"))
        .graph(
            "Turned away",
            "ops",
            "Callers that found no place, or none in time: 503.",
            List.of(1.),
            rate("db_gate_refused_total", "instance", "lane"));
  }

  private static Dashboard process(Dashboard one) {
    return one.row("Process")
        .graph(
            "Processor",
            "none",
            "Processors in use, in user mode and in the kernel.",
            rate("process_cpu_seconds_total", "instance", "mode"))
        .graph(
            "Memory",
            "bytes",
            "In memory now, and of that the heap in use.",
            query("process_memory_bytes{@, type=\"rss\"}", "{{instance}} rss"),
            query(
                "sum by (instance) (jvm_memory_used_bytes{@, jvm_memory_type=\"heap\"})",
                "{{instance}} heap"))
        .graph(
            "Threads that want to run",
            "none",
            "Virtual threads on a carrier, and those that queue for one.",
            List.of(50.),
            sum("process_threads{kind=\"virtual\"}", "instance", "state"));
  }

  private static Dashboard eventsOf(Dashboard one) {
    return one.row("Events")
        .graph(
            "Published",
            "eps",
            "Events that the topic accepted, by type.",
            rate("outbox_published_total", "type"))
        .graph(
            "Handled",
            "eps",
            "Messages settled, by type and outcome.",
            rate("sqs_handled_total", "type", "outcome"))
        .graph(
            "Time of handlers",
            "s",
            "95 of 100 messages of a type were handled within this time.",
            quantile(.95, "sqs_handle_duration_seconds", "type"));
  }

  private static Dashboard common(Dashboard one) {
    return process(eventsOf(database(one)));
  }

  private static Dashboard auth() {
    return common(
        requests(ofService(AUTH, "Accounts, passwords, sessions and tokens."))
            .row("Logins")
            .graph(
                "Logins",
                "ops",
                "By how they ended. throttled: too many failures before; turned_away: too much work.",
                rate("logins_total", "outcome"))
            .graph(
                "Hashing a password",
                "s",
                "How long a hash takes, the wait for a core left out: half of them, and 95 of 100.",
                quantile(.5, "password_hash_duration_seconds"),
                quantile(.95, "password_hash_duration_seconds"))
            .graph(
                "Passwords that wait",
                "none",
                "Beyond twenty for each instance, the next is told to come back.",
                List.of(10., 20.),
                sum("password_hash_waiting", "instance")));
  }

  private static Dashboard workorder() {
    return common(
        requests(ofService(WORKORDER, "Orders, their states, and who does them."))
            .row("Orders")
            .graph(
                "Open orders",
                "none",
                "By state. NaN: they cannot be counted.",
                query("sum by (status) (max by (status, priority) (orders_open{@}))", "{{status}}"))
            .graph(
                "Late orders",
                "none",
                "Open orders that missed a promise which is still to be kept, by priority.",
                List.of(1.),
                query(
                    "sum by (priority) (max by (status, priority) (orders_late{@}))",
                    "{{priority}}"))
            .graph(
                "Warnings and breaches",
                "suffix: /h",
                "Promises told to be three quarters over, and missed, in an hour.",
                perHour("sla_events_total", "level", "target")));
  }

  private static Dashboard tracking() {
    return common(
        requests(ofService(TRACKING, "Timeline, evidence, streams and notifications."))
            .row("Messages and streams")
            .graph(
                "Notifications",
                "ops",
                "Tries to send a message, by channel and what became of them.",
                rate("notifications_total", "channel", "outcome"))
            .graph(
                "Streams",
                "none",
                "Clients that follow a stream at the moment.",
                sum("sse_clients", "instance"))
            .graph(
                "Streams that ended",
                "ops",
                "By the reason why. too_slow: a client that did not read was cut.",
                rate("sse_ended_total", "reason"))
            .graph(
                "Evidence swept",
                "suffix: /h",
                "Objects removed from the store that no file refers to: a crash left them.",
                perHour("evidence_swept_total", "instance")));
  }

  private static Dashboard.Query perHour(String counter, String... by) {
    Dashboard.Query rate = rate(counter, by);
    return query("3600 * " + rate.expression(), rate.legend());
  }

  private static Dashboard events() {
    return dashboard(EVENTS, "The way of an event: outbox, topic, queue, handler.")
        .row("Out")
        .graph(
            "Waiting in the outbox",
            "none",
            "Events not sent yet. All instances of a service say the same.",
            List.of(1000.),
            max("outbox_unsent", "service"))
        .graph(
            "Age of the oldest",
            "s",
            "How long the oldest event has waited. NaN: the outbox cannot be read.",
            List.of(60., 300.),
            max("outbox_lag_seconds", "service"))
        .graph(
            "Published",
            "eps",
            "Events that a topic accepted.",
            rate("outbox_published_total", "service", "type"))
        .graph(
            "Not accepted",
            "eps",
            "Events tried and kept for a retry. unreachable: the topic does not answer; refused: it"
                + " does not take this event.",
            List.of(.01),
            rate("outbox_publish_failures_total", "service", "reason"))
        .row("In")
        .graph(
            "In the queues",
            "none",
            "Messages as SQS counts them, by state.",
            max("sqs_queue_messages{queue!~\".+-dlq\"}", "queue", "state"))
        .graph(
            "Dead letters",
            "none",
            "Messages that failed five times. See ./microflow dlq.",
            List.of(1.),
            max("sqs_queue_messages{queue=~\".+-dlq\"}", "queue", "state"))
        .graph(
            "Received and handled",
            "mps",
            "Received again and again and not handled is a handler that fails.",
            query(
                "sum by (service) (rate(sqs_received_total{@}[$__rate_interval]))",
                "{{service}} received"),
            query(
                "sum by (service, outcome) (rate(sqs_handled_total{@}[$__rate_interval]))",
                "{{service}} {{outcome}}"))
        .graph(
            "Time of handlers",
            "s",
            "95 of 100 messages of a type were handled within this time.",
            quantile(.95, "sqs_handle_duration_seconds", "service", "type"))
        .graph(
            "Came again",
            "mps",
            "Events that came more than once and were skipped.",
            rate("inbox_duplicates_total", "service"))
        .row("Traces")
        .graph(
            "Spans sent",
            "none",
            "Spans a second that the collector took; nothing where none is named.",
            rate("otel_spans_exported_total", "service"))
        .graph(
            "Spans lost",
            "none",
            "export_failed: the collector did not take them; queue_full: they came faster than they"
                + " left; stopped: the process ended first.",
            List.of(1.),
            rate("otel_spans_dropped_total", "service", "reason"))
        .graph(
            "Spans waiting",
            "none",
            "Spans that are to be sent. At OTEL_BSP_MAX_QUEUE_SIZE further ones are lost.",
            sum("otel_spans_waiting", "service"));
  }

  private static Dashboard business() {
    return dashboard(BUSINESS, "What the company sees: orders, promises, messages, people.")
        .row("Orders")
        .figure(
            "Open",
            "none",
            "Orders that have not ended.",
            NONE,
            query("sum(max by (status, priority) (orders_open{@}))", "open"))
        .figure(
            "Nobody assigned",
            "none",
            "Orders that wait for a technician.",
            NONE,
            query("sum(max by (priority) (orders_open{@, status=\"CREATED\"}))", "created"))
        .figure(
            "Late",
            "none",
            "Open orders that missed a promise which is still to be kept.",
            List.of(1., 10.),
            query("sum(max by (status, priority) (orders_late{@}))", "late"))
        .figure(
            "Breaches, last day",
            "none",
            "Promises missed in the last 24 hours, each once.",
            List.of(1., 10.),
            query("sum(increase(sla_events_total{@, level=\"BREACHED\"}[1d]))", "breaches"))
        .row("Course")
        .graph(
            "Open orders by state",
            "none",
            "ON_HOLD waits for the customer, for access, or for parts.",
            query("sum by (status) (max by (status, priority) (orders_open{@}))", "{{status}}"))
        .graph(
            "Open orders by priority",
            "none",
            "P1 is the most urgent.",
            query("sum by (priority) (max by (status, priority) (orders_open{@}))", "{{priority}}"))
        .graph(
            "Orders an hour",
            "suffix: /h",
            "Orders created, assigned, completed and cancelled, by their events.",
            perHour("outbox_published_total{type=~\"order[.].*\"}", "type"))
        .graph(
            "Late by state",
            "none",
            "Where orders that are late have got to.",
            List.of(1.),
            query("sum by (status) (max by (status, priority) (orders_late{@}))", "{{status}}"))
        .graph(
            "Warnings and breaches an hour",
            "suffix: /h",
            "Promises three quarters over, and missed, by what was promised.",
            perHour("sla_events_total", "level", "target"))
        .graph(
            "Work in the field an hour",
            "suffix: /h",
            "What technicians report: work begun and completed, files uploaded.",
            perHour("outbox_published_total{type=~\"tracking[.].*\"}", "type"))
        .row("People")
        .graph(
            "Notifications an hour",
            "suffix: /h",
            "By channel and outcome. suppressed: the person wants none; deferred: tried again later.",
            perHour("notifications_total", "channel", "outcome"))
        .graph(
            "Logins an hour",
            "suffix: /h",
            "By how they ended.",
            perHour("logins_total", "outcome"))
        .graph(
            "Accounts an hour",
            "suffix: /h",
            "People registered, changed, logged in, by the events about them.",
            perHour("outbox_published_total{type=~\"user[.].*\"}", "type"))
        .graph(
            "Following an order",
            "none",
            "Clients with a live timeline open.",
            query("sum(sse_clients{@})", "streams"));
  }

  private static Dashboard system() {
    var one =
        dashboard(
            SYSTEM,
            "What each process costs the operating system. docs/operating-system.md says of each"
                + " metric what it tells and what it does not.");
    processor(one);
    memory(one);
    threads(one);
    descriptors(one);
    cgroup(one);
    jvm(one);
    return one;
  }

  private static void processor(Dashboard one) {
    one.row("Processor")
        .graph(
            "Processors in use",
            "none",
            "In user mode and in the kernel.",
            rate("process_cpu_seconds_total", "instance", "mode"))
        .graph(
            "Waiting for a processor",
            "none",
            "Threads that were ready and had no processor, on average.",
            rate("process_runqueue_wait_seconds_total", "instance"))
        .graph(
            "Context switches",
            "ops",
            "voluntary: to wait for something; involuntary: its time was up.",
            rate("process_context_switches_total", "instance", "type"))
        .graph(
            "Page faults",
            "ops",
            "minor: memory touched first; major: read from disk.",
            rate("process_page_faults_total", "instance", "type"))
        .graph(
            "Began",
            "dateTimeFromNow",
            "When each process began.",
            query("process_start_time_seconds{@} * 1000", "{{instance}}"))
        .graph(
            "Cost of a scrape",
            "s",
            "What reading each part of these metrics took.",
            sum("process_scrape_seconds", "instance", "part"));
  }

  private static void memory(Dashboard one) {
    one.row("Memory")
        .graph(
            "In memory",
            "bytes",
            "rss is anonymous, file and shmem; pss divides what is shared; uss is its own alone.",
            query("process_memory_bytes{@, type!=\"virtual\"}", "{{instance}} {{type}}"))
        .graph(
            "Promised",
            "bytes",
            "Addresses in use; most of it was never touched.",
            query("process_memory_bytes{@, type=\"virtual\"}", "{{instance}}"))
        .graph(
            "Who is killed first",
            "none",
            "The kernel's score when memory runs out, 0 to 2000: the highest goes first.",
            query("process_oom_score{@}", "{{instance}}"));
  }

  private static void threads(Dashboard one) {
    one.row("Threads")
        .graph(
            "Threads by kind and state",
            "none",
            "virtual: mounted on a carrier, or queued for one; those that wait are counted by nobody.",
            query("process_threads{@}", "{{instance}} {{kind}} {{state}}"))
        .graph(
            "Threads by name",
            "none",
            "The fifteen most frequent names.",
            query("topk(15, process_thread_count{@})", "{{instance}} {{thread}}"))
        .graph(
            "Processor by thread",
            "none",
            "Who uses the processor: the fifteen busiest.",
            top("process_thread_cpu_seconds_total", "instance", "thread"))
        .graph(
            "Switches by thread",
            "ops",
            "Who waits often, and who is pushed aside.",
            top("process_thread_context_switches_total", "instance", "thread", "type"))
        .graph(
            "Wait for a processor by thread",
            "none",
            "Who is ready and has none.",
            top("process_thread_runqueue_wait_seconds_total", "instance", "thread"))
        .graph(
            "Page faults by thread",
            "ops",
            "Who touches new memory.",
            top("process_thread_page_faults_total", "instance", "thread", "type"))
        .graph(
            "Input and output by thread",
            "Bps",
            "Who reads and writes; send and recv are not in it.",
            top("process_thread_io_bytes_total", "instance", "thread", "op"))
        .graph(
            "Where threads sleep",
            "none",
            "The kernel's function they wait in: a lock (futex), a socket, a poll.",
            query("process_threads_wchan{@}", "{{instance}} {{wchan}}"));
  }

  private static Dashboard.Query top(String counter, String... by) {
    Dashboard.Query rate = rate(counter, by);
    return query("topk(15, " + rate.expression() + ")", rate.legend());
  }

  private static void descriptors(Dashboard one) {
    one.row("Descriptors, sockets, input and output")
        .graph(
            "Descriptors",
            "none",
            "What is open, by kind, and the limit.",
            query("process_fds{@}", "{{instance}} {{kind}}"),
            query("process_max_fds{@}", "{{instance}} limit"))
        .graph(
            "Sockets",
            "none",
            "By state of TCP. Many in close_wait is a leak.",
            query("process_sockets{@}", "{{instance}} {{state}}"))
        .graph(
            "Queues of sockets",
            "bytes",
            "send: the other side is slow; receive: this one is.",
            query("process_socket_queue_bytes{@}", "{{instance}} {{direction}}"))
        .graph(
            "Waiting to be accepted",
            "none",
            "Clients that connected and that nobody took yet.",
            query("process_accept_queue_connections{@}", "{{instance}}"))
        .graph(
            "Input and output",
            "Bps",
            "syscall: asked for; disk: what of it met a disk.",
            rate("process_io_bytes_total", "instance", "op", "layer"))
        .graph(
            "Calls",
            "ops",
            "Calls of read and write; many small ones are dear.",
            rate("process_io_syscalls_total", "instance", "op"))
        .graph(
            "Network",
            "Bps",
            "Of the whole namespace: processes that share it say the same.",
            rate("network_namespace_bytes_total", "instance", "interface", "direction"))
        .graph(
            "Packets lost",
            "pps",
            "Dropped, and segments sent again, in the namespace.",
            rate("network_namespace_dropped_packets_total", "instance", "interface", "direction"),
            query(
                "rate(network_namespace_tcp_retransmitted_segments_total{@}[$__rate_interval])",
                "{{instance}} retransmitted"))
        .graph(
            "Turned away by the kernel",
            "ops",
            "Clients that came while a queue was full, in the namespace.",
            rate("network_namespace_tcp_listen_overflows_total", "instance"))
        .graph(
            "Sockets of the namespace",
            "none",
            "time_wait and orphan belong to no process.",
            query("network_namespace_tcp_sockets{@}", "{{instance}} {{state}}"));
  }

  private static void cgroup(Dashboard one) {
    one.row("Container and pressure")
        .graph(
            "Processors in use by the cgroup",
            "none",
            "All in the container, and its quota where it has one.",
            rate("cgroup_cpu_seconds_total", "instance", "mode"),
            query("cgroup_cpu_limit_cores{@}", "{{instance}} limit"))
        .graph(
            "Throttled",
            "percentunit",
            "Share of the periods in which the quota was used up.",
            List.of(.05, .25),
            query(
                "rate(cgroup_cpu_throttled_periods_total{@}[$__rate_interval]) /"
                    + " (rate(cgroup_cpu_periods_total{@}[$__rate_interval]) > 0)"
                    + " or 0 * cgroup_cpu_periods_total{@}",
                "{{instance}}"))
        .graph(
            "Stood still for its quota",
            "none",
            "Seconds throttled in a second.",
            rate("cgroup_cpu_throttled_seconds_total", "instance"))
        .graph(
            "Weight",
            "none",
            "Its share of the processors when all want to run, 1 to 10000.",
            query("cgroup_cpu_weight{@}", "{{instance}}"))
        .graph(
            "Memory of the cgroup",
            "bytes",
            "The working set cannot be dropped at once; beyond the limit somebody is killed.",
            query("cgroup_memory_working_set_bytes{@}", "{{instance}} working set"),
            query("cgroup_memory_current_bytes{@}", "{{instance}} charged"),
            query("cgroup_memory_peak_bytes{@}", "{{instance}} peak"),
            query("cgroup_memory_swap_bytes{@}", "{{instance}} swap"),
            query("cgroup_memory_limit_bytes{@}", "{{instance}} limit"))
        .graph(
            "What the memory is",
            "bytes",
            "By kind; anon is heap, stacks and the like.",
            query("cgroup_memory_stat_bytes{@}", "{{instance}} {{type}}"))
        .graph(
            "Met the limit",
            "ops",
            "max: had to drop something; oom_kill: somebody was killed.",
            rate("cgroup_memory_events_total", "instance", "event"))
        .graph(
            "Page faults of the cgroup",
            "ops",
            "Of all in it.",
            rate("cgroup_memory_page_faults_total", "instance", "type"))
        .graph(
            "Threads and processes",
            "none",
            "In the cgroup, and how many it may have.",
            query("cgroup_pids_current{@}", "{{instance}}"),
            query("cgroup_pids_limit{@}", "{{instance}} limit"))
        .graph(
            "Disks",
            "Bps",
            "Bytes from and to disks.",
            rate("cgroup_io_bytes_total", "instance", "op"))
        .graph(
            "Operations of disks",
            "iops",
            "How often it read and wrote.",
            rate("cgroup_io_operations_total", "instance", "op"))
        .graph(
            "Pressure",
            "percentunit",
            "Share of the time in which some, or all, of the work stood still for want of it.",
            List.of(.1, .5),
            rate("pressure_stall_seconds_total", "instance", "resource", "kind", "scope"));
  }

  private static void jvm(Dashboard one) {
    one.row("JVM")
        .graph(
            "Heap and the rest",
            "bytes",
            "In use, by pool.",
            query("jvm_memory_used_bytes{@}", "{{instance}} {{jvm_memory_pool_name}}"))
        .graph(
            "Taken from the system, and limits",
            "bytes",
            "What the pools have, and what those with a limit may grow to.",
            sum("jvm_memory_committed_bytes", "instance", "jvm_memory_type"),
            query(
                "sum by (instance, jvm_memory_type) (jvm_memory_limit_bytes{@})",
                "{{instance}} {{jvm_memory_type}} limit"))
        .graph(
            "Left after a collection",
            "bytes",
            "What is really needed; growing day by day is a leak.",
            sum("jvm_memory_used_after_last_gc_bytes", "instance"))
        .graph(
            "Allocation",
            "Bps",
            "Bytes allocated on the heap.",
            rate("jvm_memory_allocated_bytes_total", "instance"))
        .graph(
            "Collections",
            "ops",
            "With the serial collector each is a pause.",
            rate("jvm_gc_duration_seconds_count", "instance", "jvm_gc_name"))
        .graph(
            "Time of collections",
            "percentunit",
            "Share of the time spent collecting.",
            List.of(.05, .1),
            rate("jvm_gc_duration_seconds_sum", "instance", "jvm_gc_name"))
        .graph(
            "Pauses",
            "percentunit",
            "Share of the time in which all threads stood still, and in which they were stopping.",
            List.of(.05, .1),
            rate("jvm_safepoint_duration_seconds_sum", "instance"),
            query(
                "rate(jvm_safepoint_sync_seconds_total{@}[$__rate_interval])",
                "{{instance}} stopping"))
        .graph(
            "Pauses a second",
            "ops",
            "For whatever reason: collections, dumps, deoptimisation.",
            rate("jvm_safepoint_duration_seconds_count", "instance"))
        .graph(
            "Buffers",
            "bytes",
            "Direct buffers and mapped files.",
            query("jvm_buffer_memory_used_bytes{@}", "{{instance}} {{jvm_buffer_pool_name}}"))
        .graph(
            "Number of buffers",
            "none",
            "How many there are.",
            query("jvm_buffer_count{@}", "{{instance}} {{jvm_buffer_pool_name}}"))
        .graph(
            "Platform threads",
            "none",
            "In Java's states; blocked is a monitor that another holds.",
            query("jvm_thread_count{@}", "{{instance}} {{jvm_thread_state}}"))
        .graph(
            "Threads started",
            "ops",
            "Platform threads: one for each request would show.",
            rate("jvm_threads_started_total", "instance"))
        .graph(
            "Processors and carriers",
            "none",
            "Processors it believes to have, and carriers that run at once.",
            query("jvm_cpu_count{@}", "{{instance}} processors"),
            query("jvm_virtual_thread_scheduler_parallelism{@}", "{{instance}} carriers"))
        .graph(
            "Classes",
            "none",
            "Classes that are loaded.",
            query("jvm_class_count{@}", "{{instance}}"))
        .graph(
            "Compiling",
            "none",
            "Compiler threads at work, on average.",
            rate("jvm_compilation_seconds_total", "instance"));
  }
}
