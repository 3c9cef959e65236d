package com.telconova.local.up;

import com.telconova.local.people.People;
import com.telconova.local.terminal.Table;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.workbench.Workbench;

/// Tells where everything is and what to try first.
final class Welcome {
  private Welcome() {}

  static void print(Terminal terminal, Workbench bench, People people) {
    var gateway = bench.gateway().uri();
    terminal.heading("Running");
    var places = new Table("what", "where", "pid>");
    places.row("gateway", gateway + "  (the API)", ProcessHandle.current().pid());
    places.row("API documents", gateway + "/auth/docs  (/workorder, /tracking too)", "");
    for (var service : bench.services()) {
      places.row(service.label(), service.adminUrl() + "/metrics, /health/ready", service.pid());
    }
    places.row("PostgreSQL", bench.postgres().url("microflow"), bench.postgres().pid());
    places.row("SNS, SQS, S3", bench.emulator().endpoint(), bench.emulator().pid());
    places.row("mail", bench.mail().imap() + "  (any address, any password)", "");
    places.row("SMS, push", ".microflow/run/messages.jsonl  (from the first one on)", "");
    places.row("logs", ".microflow/logs", "");
    places.row("all this as JSON", ".microflow/run.json", "");
    places.print(terminal);

    bench
        .apiKey()
        .ifPresent(key -> {
          terminal.heading("API key");
          terminal.line("  " + key + "  (in the header x-api-key of every request below)");
        });

    terminal.heading("Accounts");
    var accounts = new Table("role", "e-mail", "password");
    people.all().forEach(p -> accounts.row(p.role(), p.email(), p.password()));
    accounts.print(terminal);

    terminal.heading("Try");
    terminal.line(
        """
        TOKEN=$(curl -s %1$s/auth/login -H 'Content-Type: application/json' \\
          -d '{"email":"%2$s","password":"%3$s"}' \\
          | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')
        curl -s %1$s/auth/profile -H "Authorization: Bearer $TOKEN"
        curl -s %1$s/orders -H "Authorization: Bearer $TOKEN"
        curl -s %4$s/metrics | grep '^process_'

        Ctrl-C stops everything.\
        """
            .indent(2)
            .stripTrailing()
            .formatted(
                gateway,
                people.client().email(),
                people.client().password(),
                bench.ports().adminUrl("workorder", 1)));
  }
}
