package com.telconova.local.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.telconova.local.workbench.Service;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// What is measured on the live services: started once for all, as a lesson does.
final class ServicesIT {
  private Place place;
  private Service subject;

  @TestFactory
  Stream<DynamicTest> on_one_system() {
    assumeTrue(new Machine(Path.of("/")).isLinux(), "no /proc here");
    return Stream.of(
        DynamicTest.dynamicTest("starts", this::start),
        DynamicTest.dynamicTest(
            "messages_are_farther_than_requests_and_these_than_sockets", this::distances),
        DynamicTest.dynamicTest("a_bound_keeps_waiting_short_and_refuses_the_rest", this::overload),
        DynamicTest.dynamicTest("sigterm_answers_all_in_flight_and_sigkill_none", this::deaths),
        DynamicTest.dynamicTest(
            "at_the_limit_clients_wait_in_silence_until_a_descriptor_comes_free",
            this::descriptors),
        DynamicTest.dynamicTest("a_start_has_its_phases_in_order", this::birth),
        DynamicTest.dynamicTest("stops", this::stop));
  }

  private void start() throws Exception {
    place = new Place();
    subject = place.site().subject();
  }

  private Site site() {
    assumeTrue(place != null, "nothing was started");
    return place.site();
  }

  private void distances() throws Exception {
    var ladder = new IpcLatency().measure(site(), Place.SCALE);
    Place.print(new IpcLatency(), IpcLatency.tell(ladder));

    double call = ladder.get("call").median();
    assertThat(ladder.get("thread").median()).isGreaterThan(10 * call);
    assertThat(ladder.get("health").median()).isGreaterThan(ladder.get("tcp").median());
    assertThat(ladder.get("orders").median()).isGreaterThan(ladder.get("tcp").median());
    assertThat(ladder.get("queue").median()).isGreaterThan(ladder.get("tcp").median());
  }

  private void overload() throws Exception {
    var figures = new BackPressure().measure(site(), Place.SCALE);
    Place.print(new BackPressure(), BackPressure.tell(figures));

    var unbounded = figures.unbounded();
    var bounded = figures.bounded();
    assertThat(unbounded.refused()).isZero();
    assertThat(unbounded.lastWait().median()).isGreaterThan(unbounded.firstWait().median());
    assertThat(bounded.refused()).isPositive();
    assertThat(bounded.longest()).isLessThanOrEqualTo(bounded.bound());
    assertThat(bounded.lastWait().median()).isLessThan(unbounded.lastWait().median());
    assertThat(figures.few().refused()).isEmpty();
    assertThat(figures.many().answered()).isNotEmpty();
    assertThat(figures.many().refused()).isNotEmpty();
    assertThat(figures.many().others()).isZero();
  }

  private void descriptors() throws Exception {
    var figures = new DescriptorCost().measure(site(), Place.SCALE);
    Place.print(new DescriptorCost(), DescriptorCost.tell(figures));

    for (var step : figures.steps()) {
      assertThat(step.sockets()).isBetween(step.connections() - 2.0, step.connections() + 5.0);
    }
    var limit = figures.limit();
    assertThat(limit.answered()).isPositive().isLessThan(limit.connected());
    assertThat(limit.silent()).isPositive();
    assertThat(limit.answeredLater()).isEqualTo(limit.silent());
    assertThat(limit.alive()).isTrue();
  }

  private void deaths() throws Exception {
    var ends = new Death().measure(site());
    Place.print(new Death(), Death.tell(ends));

    var term = ends.get(0);
    assertThat(term.exit()).isEqualTo(143);
    assertThat(term.answered()).isEqualTo(term.inFlight());
    assertThat(term.stored()).isEqualTo(term.inFlight());
    var kill = ends.get(1);
    assertThat(kill.exit()).isEqualTo(137);
    assertThat(kill.answered()).isZero();
    assertThat(kill.lost()).isEqualTo(kill.inFlight());
    // PostgreSQL had the whole of each when its sender died: it commits what nobody waits for.
    assertThat(kill.stored()).isEqualTo(kill.inFlight());
    assertThat(kill.halves()).isZero();
    assertThat(kill.sessions()).isZero();
  }

  private void birth() throws Exception {
    site().endSubject();

    var birth = Birth.of(subject);

    assertThat(birth.exec()).isLessThanOrEqualTo(birth.jvm());
    assertThat(birth.jvm()).isLessThan(birth.admin());
    assertThat(birth.admin()).isLessThanOrEqualTo(birth.api());
    assertThat(birth.api()).isLessThanOrEqualTo(birth.ready());
    assertThat(birth.cpu()).isBetween(0.1, 2 * birth.ready() * 64);
    assertThat(birth.minorFaults()).isGreaterThan(1_000);
    assertThat(birth.cached()).isFalse();
  }

  private void stop() {
    assumeTrue(place != null, "nothing was started");
    place.close();
  }
}
