package com.telconova.local.lab;

import com.telconova.local.ScratchCheckout;
import com.telconova.local.terminal.Terminal;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.Rounds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/// A site in a checkout of its own, which nothing may be left in.
final class Place implements AutoCloseable {
  /// How large an experiment is in a build; with `-Dmicroflow.rounds=full`, as in a lesson.
  static final Scale SCALE = Scale.values()[Rounds.of(0, 1)];

  private final ScratchCheckout checkout = ScratchCheckout.real();
  private final Site site =
      new Site(
          new Checkout(checkout.root()),
          Terminal.standard(),
          new Machine(Path.of("/")),
          OptionalInt.empty(),
          // In a build, compiled by C1 only, which halves what a start costs.
          SCALE == Scale.QUICK ? List.of("-XX:TieredStopAtLevel=1") : List.of());

  Place() throws IOException {}

  Site site() {
    return site;
  }

  /// Prints what was found, on one line each answer.
  static void print(Experiment experiment, Finding finding) {
    finding
        .answers()
        .forEach(answer -> System.out.println(experiment.name() + ": " + Language.EN.say(answer)));
  }

  @Override
  public void close() {
    site.close();
    checkout.close();
  }
}
