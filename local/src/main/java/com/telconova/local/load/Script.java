package com.telconova.local.load;

import java.nio.ByteBuffer;

/// What is asked, and what is made of the answers. Called by the sender's thread only.
interface Script {

  /// Writes a request of this kind, head and body, beginning at the position of `out`.
  ///
  /// @param host the line `Host: …` of the address it goes to, with its line end
  /// @return what the request is about, handed to [#ended] later; null when there is nothing that
  ///   could be asked now, and nothing was written
  Object write(Operation operation, byte[] host, ByteBuffer out);

  /// It was answered, or will not be.
  ///
  /// @param about what [#write] returned
  /// @param good whether the answer was as it should be
  /// @param made the last part of the answer's `Location`; null when it had none
  void ended(Operation operation, Object about, boolean good, String made);
}
