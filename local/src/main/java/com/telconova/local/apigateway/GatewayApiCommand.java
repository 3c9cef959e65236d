package com.telconova.local.apigateway;

import com.telconova.local.terminal.Terminal;
import com.telconova.shared.testing.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// Writes the document that API Gateway and the local gateway are made of.
@Command(name = "gateway-api")
public final class GatewayApiCommand implements Callable<Integer> {

  private final Terminal terminal;

  public GatewayApiCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /// Where it goes, in a checkout.
  static Path file(Checkout checkout) {
    return checkout.root().resolve("terraform/modules/gateway/openapi.json");
  }

  /// 1 when the contracts cannot be merged, with a line for each reason.
  @Override
  public Integer call() throws IOException {
    var checkout = Checkout.find();
    String document;
    try {
      document = GatewayApi.of(checkout.root().resolve("docs/openapi"));
    } catch (InvalidContract invalid) {
      invalid.faults().forEach(terminal::error);
      return 1;
    }
    var file = file(checkout);
    boolean current = Files.exists(file) && Files.readString(file).equals(document);
    if (!current) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, document);
    }
    terminal.line(
        "terraform/modules/gateway/openapi.json "
            + (current ? "is current." : "is new; commit it, and build before the next up."));
    return 0;
  }
}
