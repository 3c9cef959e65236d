package com.telconova.tracking.notification.carrier;

import com.telconova.shared.json.Mappers;
import com.telconova.tracking.recipient.Channel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.UUID;

/// Appends each message to a file, as one line of JSON: for machines without anybody to receive it.
public final class FileCarrier implements Carrier {
  private final Path file;
  private final Channel channel;

  /// @param file made when the first message comes; several processes may share it
  public FileCarrier(Path file, Channel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// A line of the file.
  private record Line(
      UUID id, Channel channel, UUID userId, String address, String text, Instant createdAt) {}

  @Override
  public Outcome carry(Parcel parcel) {
    Line line =
        new Line(
            parcel.id(),
            channel,
            parcel.recipient().userId(),
            parcel.address(),
            parcel.text(),
            parcel.createdAt());
    try {
      // In one write, so that lines of several processes do not mix.
      Files.write(
          file,
          (Mappers.TOLERANT.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      return new Outcome.Sent();
    } catch (IOException e) {
      return new Outcome.Deferred("The file cannot be written.");
    }
  }

  @Override
  public void disconnect() {}
}
