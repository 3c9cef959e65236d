package com.telconova.shared.os;

import java.net.InetSocketAddress;

/// What the kernel knows of a connection of this machine before anybody reads from it.
public final class Connections {
  private static final int LOCAL_FIELD = 1;
  private static final int REMOTE_FIELD = 2;
  private static final int STATE_FIELD = 3;
  private static final int ESTABLISHED = 1;
  private static final String[] LISTS = {"/proc/self/net/tcp", "/proc/self/net/tcp6"};

  private Connections() {}

  /// Whether the other side has closed, or reset, a TCP connection: a server that has nothing to
  /// write and nothing to read for a while does not notice. The kernel walks a table as large as
  /// the machine's memory for it, some milliseconds.
  ///
  /// @return false where it is not known (no `/proc`)
  public static boolean hasEnded(InetSocketAddress local, InetSocketAddress remote) {
    var file = new ProcFile();
    var established = new boolean[1];
    boolean known = false;
    for (String list : LISTS) {
      known |=
          file.eachLine(
              list,
              () -> {
                if (file.hex(LOCAL_FIELD, 1) == local.getPort()
                    && file.hex(REMOTE_FIELD, 1) == remote.getPort()) {
                  established[0] |= file.hex(STATE_FIELD, 0) == ESTABLISHED;
                }
              });
    }
    return known && !established[0];
  }
}
