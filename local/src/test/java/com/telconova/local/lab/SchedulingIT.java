package com.telconova.local.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Threads and who runs when: what holds on any machine, whatever its speed.
final class SchedulingIT {
  private Place place;

  @BeforeEach
  void open() throws Exception {
    assumeTrue(new Machine(Path.of("/")).isLinux(), "no /proc here");
    place = new Place();
  }

  @AfterEach
  void nothing_is_left() {
    if (place != null) {
      place.close();
    }
  }

  @Test
  void each_platform_thread_is_one_of_the_kernel_and_virtual_ones_share_a_few() {
    var points = new ThreadCost().measure(place.site(), Place.SCALE);
    Place.print(new ThreadCost(), ThreadCost.tell(points));

    assertThat(points).extracting(ThreadCost.Point::wanted).contains(1_000);
    for (var point : points) {
      double threads = point.kernelThreads().median();
      if (point.virtual()) {
        assertThat(point.started()).isEqualTo(point.wanted());
        assertThat(threads).isLessThan(50);
      } else {
        assertThat(threads).isGreaterThanOrEqualTo(point.started());
      }
    }
    var large = points.stream().filter(p -> p.wanted() == 1_000).toList();
    assertThat(large.getFirst().virtualSize().median())
        .as("address space of a thousand stacks")
        .isGreaterThan(1_000 * 512 * 1024.0);
    assertThat(large.getFirst().residentEach()).isGreaterThan(large.getLast().residentEach());
  }

  @Test
  void who_waits_gives_the_processor_up_and_virtual_threads_do_not_ask_the_kernel() {
    var ways = new ContextSwitches().measure(place.site(), Place.SCALE);
    Place.print(new ContextSwitches(), ContextSwitches.tell(ways));

    var alone = ways.get(0);
    var platform = ways.get(2);
    var virtual = ways.get(3);
    assertThat(platform.voluntary().median()).isGreaterThan(10 * alone.voluntary().median());
    assertThat(platform.eachHandover()).isBetween(0.5, 2.5);
    assertThat(virtual.eachHandover()).isLessThan(0.1);
  }

  @Test
  void who_is_nice_gets_what_the_weights_say() {
    var pairs = new Nice().measure(place.site(), Place.SCALE);
    Place.print(new Nice(), Nice.tell(pairs, place.site().machine().hasAutogroups()));

    for (var pair : pairs) {
      if (!pair.apart()) {
        assertThat(pair.share().median())
            .as("niceness %d", pair.niceness())
            .isBetween(pair.predicted() - 0.15, pair.predicted() + 0.15);
      }
    }
    assertThat(pairs.get(0).share().median()).isGreaterThan(pairs.get(2).share().median());
    assertThat(pairs.get(2).share().median()).isGreaterThan(pairs.get(3).share().median());
  }
}
