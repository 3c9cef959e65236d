package com.telconova.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.telconova.local.ScratchCheckout;
import com.telconova.local.terminal.Terminal;
import com.telconova.shared.testing.Checkout;
import java.nio.file.Files;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// A sample of every fault of the laboratory, on the real processes. `./microflow chaos` has them
/// in the numbers that are promised.
final class ChaosIT {
  private ScratchCheckout checkout;
  private Lab lab;

  @TestFactory
  Stream<DynamicTest> one_of_each_service() {
    return scenarios(1);
  }

  @TestFactory
  Stream<DynamicTest> two_of_each_service() {
    return scenarios(2);
  }

  @Test
  void the_page_on_delivery_tells_of_every_fault() throws Exception {
    var page = Files.readString(Checkout.find().root().resolve("docs/delivery.md"));

    assertThat(Scenarios.all())
        .allSatisfy(scenario -> assertThat(page).contains("chaos " + scenario.name()));
  }

  private Stream<DynamicTest> scenarios(int instances) {
    var all = Scenarios.all().stream().filter(s -> s.instances() == instances).toList();
    return Stream.of(
            List.of(DynamicTest.dynamicTest("starts", () -> start(instances))),
            all.stream().map(s -> DynamicTest.dynamicTest(s.name(), () -> run(s))).toList(),
            List.of(DynamicTest.dynamicTest("stops", this::stop)))
        .flatMap(List::stream);
  }

  private void start(int instances) throws Exception {
    checkout = ScratchCheckout.real();
    lab =
        Lab.start(
            new Checkout(checkout.root()), Terminal.standard(), OptionalInt.empty(), instances);
  }

  private void run(Scenario scenario) throws Exception {
    assumeTrue(lab != null, "the laboratory did not start");
    var figures = scenario.run(lab, Scale.SHORT);

    System.out.println(scenario.name() + ": " + figures);
    assertThat(figures).isNotBlank();
  }

  private void stop() {
    assumeTrue(lab != null, "the laboratory did not start");
    try (var _ = checkout) {
      lab.close();
    }
  }
}
