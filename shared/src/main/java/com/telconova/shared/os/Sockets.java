package com.telconova.shared.os;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// The process's sockets by TCP state. Who waits to be accepted, and what was sent and not
/// acknowledged or received and not read, shows where the other side or this one is slow.
///
/// Each socket is asked by itself where that is possible. Otherwise the kernel's list of the whole
/// network namespace is read, and ours are told by the inodes behind our descriptors: for it the
/// kernel walks a table as large as the machine's memory, 4 ms on one of 24 GB with 100 sockets.
final class Sockets implements Part {
  /// By their numbers in the kernel (include/net/tcp_states.h), from 1.
  private static final String[] STATES = {
    "established",
    "syn_sent",
    "syn_recv",
    "fin_wait1",
    "fin_wait2",
    "time_wait",
    "close",
    "close_wait",
    "last_ack",
    "listen",
    "closing"
  };

  private static final int LISTEN = 10;
  private static final int STATE_FIELD = 3;
  private static final int QUEUES_FIELD = 4;
  private static final int INODE_FIELD = 9;

  private final ProcFile file;
  private final Descriptors descriptors;
  private final String tcp;
  private final String tcp6;
  private final Optional<SocketOptions> options;
  private final int[] states = new int[STATES.length];
  private long sending;
  private long receiving;
  private long waiting;

  /// @param descriptors scraped before this one
  /// @param options for sockets of this very process
  Sockets(ProcFile file, Path process, Descriptors descriptors, Optional<SocketOptions> options) {
    this.file = file;
    this.options = options;
    this.descriptors = descriptors;
    this.tcp = process + "/net/tcp";
    this.tcp6 = process + "/net/tcp6";
  }

  @Override
  public void collect(Scrape scrape) {
    Arrays.fill(states, 0);
    sending = 0;
    receiving = 0;
    waiting = 0;
    if (!count()) {
      return;
    }
    var sockets =
        scrape.gauge(
            "process_sockets",
            "Sockets of the process by TCP state; not_tcp are those of another kind, or not"
                + " connected yet.",
            "state");
    int found = 0;
    for (int state = 0; state < STATES.length; state++) {
      sockets.add(states[state], STATES[state]);
      found += states[state];
    }
    sockets.add(Math.max(0, descriptors.sockets() - found), "not_tcp");
    scrape
        .gauge(
            "process_socket_queue_bytes",
            "Bytes in the kernel's buffers of the process's TCP sockets: sent and not"
                + " acknowledged, received and not read.",
            "direction")
        .add(sending, "send")
        .add(receiving, "receive");
    scrape
        .gauge(
            "process_accept_queue_connections",
            "Connections that wait until the process accepts them.")
        .add(waiting);
  }

  /// @return whether it is known
  private boolean count() {
    if (options.isPresent() && descriptors.areKnown()) {
      for (int i = 0; i < descriptors.sockets(); i++) {
        count(descriptors.socket(i), options.get());
      }
      return true;
    }
    boolean known = file.eachLine(tcp, this::countLine);
    known |= file.eachLine(tcp6, this::countLine);
    return known && descriptors.areKnown();
  }

  private void count(int descriptor, SocketOptions kernel) {
    int state = kernel.state(descriptor);
    if (state < 1 || state > STATES.length) {
      return;
    }
    states[state - 1]++;
    if (state == LISTEN) {
      waiting += kernel.waitingToBeAccepted();
    } else {
      sending += kernel.sent(descriptor);
      receiving += kernel.received(descriptor);
    }
  }

  private void countLine() {
    int state = (int) file.hex(STATE_FIELD, 0);
    if (state < 1 || state > STATES.length) {
      return; // the title, or a state of tomorrow's kernels
    }
    double inode = file.field(INODE_FIELD);
    if (inode == 0 || !descriptors.owns((long) inode)) {
      return;
    }
    states[state - 1]++;
    if (state == LISTEN) {
      waiting += file.hex(QUEUES_FIELD, 1);
    } else {
      sending += file.hex(QUEUES_FIELD, 0);
      receiving += file.hex(QUEUES_FIELD, 1);
    }
  }
}
