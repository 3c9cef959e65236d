package com.telconova.local.load;

import java.util.Locale;

/// How requests come.
public sealed interface Arrival {

  /// At a constant rate, whatever the answers. Latency counts from the moment at which a request
  /// was due, so a system that stalls is not spared the requests it would have had meanwhile
  /// (coordinated omission: Gil Tene, "How NOT to measure latency").
  ///
  /// @param perSecond above 0, up to 100,000
  /// @param maxConnections to each address, 1 to 20,000; what is due when all are busy waits
  record Open(double perSecond, int maxConnections) implements Arrival {
    public Open {
      if (!(perSecond > 0 && perSecond <= 100_000)) {
        throw new IllegalArgumentException("a rate is above 0 and up to 100000 a second");
      }
      checkConnections(maxConnections);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "open loop, %s a second, up to %d connections",
          perSecond == Math.rint(perSecond)
              ? Long.toString((long) perSecond)
              : Double.toString(perSecond),
          maxConnections);
    }
  }

  /// As many clients, each of which sends the next request when it has the answer to the last.
  ///
  /// @param clients 1 to 20,000, a connection each
  record Closed(int clients) implements Arrival {
    public Closed {
      checkConnections(clients);
    }

    @Override
    public String toString() {
      return "closed loop, " + clients + (clients == 1 ? " client" : " clients");
    }
  }

  /// How many requests can be under way at once.
  default int atOnce() {
    return switch (this) {
      case Open open -> open.maxConnections();
      case Closed closed -> closed.clients();
    };
  }

  private static void checkConnections(int number) {
    if (number < 1 || number > 20_000) {
      throw new IllegalArgumentException("there are 1 to 20000 clients or connections");
    }
  }
}
