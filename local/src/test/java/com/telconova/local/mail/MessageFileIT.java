package com.telconova.local.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.testing.Checkout;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

final class MessageFileIT {

  @Test
  void what_was_written_is_read_in_its_order_and_nothing_before_there_is_a_file() throws Exception {
    var folder = Checkout.find().scratch("messages");
    var file = new MessageFile(folder.resolve("messages.jsonl"));
    assertThat(file.received()).isEmpty();

    Files.writeString(
        file.path(),
        """
        {"id":"1","channel":"SMS","userId":"u","address":"+573001234567","text":"Hola\\nTeresa",\
        "createdAt":"2026-01-31T14:00:00Z"}
        {"id":"2","channel":"PUSH","userId":"u","address":"arn:aws:sns:x","text":"ok"}
        """);

    assertThat(file.received())
        .containsExactly(
            new MessageFile.Message("SMS", "+573001234567", "Hola\nTeresa"),
            new MessageFile.Message("PUSH", "arn:aws:sns:x", "ok"));
    Checkout.delete(folder);
  }
}
