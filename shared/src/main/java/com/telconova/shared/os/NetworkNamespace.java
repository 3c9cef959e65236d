package com.telconova.shared.os;

import java.nio.file.Path;

/// What the network namespace carried: processes that share it (all of a machine's, without
/// containers) report the same.
final class NetworkNamespace implements Part {
  // /proc/net/dev, behind the colon: 8 fields of receiving, then as many of sending.
  private static final int SENT = 8;
  private static final int DROPPED = 3;

  private final ProcFile file;
  private final String dev;
  private final Column retransmitted;
  private final Column overflows;
  private final String sockstat;
  private Scrape.Family bytes;
  private Scrape.Family dropped;

  NetworkNamespace(ProcFile file, Path process) {
    this.file = file;
    this.dev = process + "/net/dev";
    this.retransmitted = new Column(file, process + "/net/snmp", "Tcp:", "RetransSegs");
    this.overflows = new Column(file, process + "/net/netstat", "TcpExt:", "ListenOverflows");
    this.sockstat = process + "/net/sockstat";
  }

  @Override
  public void collect(Scrape scrape) {
    bytes =
        scrape.counter(
            "network_namespace_bytes",
            "Bytes of all processes in this network namespace.",
            "interface",
            "direction");
    dropped =
        scrape.counter(
            "network_namespace_dropped_packets",
            "Packets that were dropped in this network namespace.",
            "interface",
            "direction");
    file.eachLine(dev, this::device);
    scrape
        .counter(
            "network_namespace_tcp_retransmitted_segments",
            "Segments that were sent again in this network namespace.")
        .add(retransmitted.read());
    scrape
        .counter(
            "network_namespace_tcp_listen_overflows",
            "Connections that came while the queue of those to be accepted was full.")
        .add(overflows.read());
    file.read(sockstat);
    var tcp = file.line("TCP:");
    scrape
        .gauge(
            "network_namespace_tcp_sockets",
            "TCP sockets of this network namespace; one in time_wait belongs to no process any"
                + " more.",
            "state")
        .add(tcp ? file.field(1) : Double.NaN, "inuse")
        .add(tcp ? file.field(3) : Double.NaN, "orphan")
        .add(tcp ? file.field(5) : Double.NaN, "time_wait");
  }

  private void device() {
    String name = file.text(0);
    if (!name.endsWith(":")) {
      return; // the title
    }
    String device = name.substring(0, name.length() - 1);
    bytes.add(file.field(1), device, "receive").add(file.field(1 + SENT), device, "transmit");
    dropped
        .add(file.field(1 + DROPPED), device, "receive")
        .add(file.field(1 + SENT + DROPPED), device, "transmit");
  }

  /// A number of a table whose first line has its columns' names.
  private static final class Column {
    private final ProcFile file;
    private final String path;
    private final String table;
    private final String name;
    private int index = -1;
    private double found;

    Column(ProcFile file, String path, String table, String name) {
      this.file = file;
      this.path = path;
      this.table = table;
      this.name = name;
    }

    double read() {
      found = Double.NaN;
      file.eachLine(path, this::line);
      return found;
    }

    private void line() {
      if (!file.begins(table)) {
        return;
      }
      if (index < 0) {
        index = file.indexOf(name);
      } else {
        found = file.field(index); // the names' own line is no number
      }
    }
  }
}
