package com.telconova.local.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Quotas, limits, and what is kept in memory. Cgroups need the right to make some; without it,
/// what [PrivilegesTest] shows must do.
final class LimitsIT {
  private final Machine machine = new Machine(Path.of("/"));
  private Place place;

  @BeforeEach
  void open() throws Exception {
    assumeTrue(machine.isLinux(), "no /proc here");
    place = new Place();
  }

  @AfterEach
  void nothing_is_left() {
    if (place != null) {
      place.close();
    }
  }

  @Test
  void a_quota_is_what_one_gets_and_throttles() throws Exception {
    assumeTrue(Need.CPU_CGROUP.missing(machine).isEmpty(), "may make no cgroup here");

    var all = new CpuLimit().measure(place.site(), Place.SCALE);
    Place.print(new CpuLimit(), CpuLimit.tell(all));

    assertThat(all.getFirst().throttled()).isZero();
    for (var one : all.subList(1, all.size())) {
      assertThat(one.throttled()).isPositive();
      assertThat(one.share().median()).isBetween(one.quota() * 0.8, one.quota() * 1.2);
      assertThat(one.pieces().most()).as("one stood still").isGreaterThan(0.02);
    }
  }

  @Test
  void who_grows_beyond_the_limit_is_killed_and_who_fills_its_heap_is_told() throws Exception {
    assumeTrue(Need.MEMORY_CGROUP.missing(machine).isEmpty(), "may make no cgroup here");

    var all = new MemoryLimit().measure(place.site());
    Place.print(new MemoryLimit(), MemoryLimit.tell(all));

    var free = all.get(0);
    var killed = all.get(1);
    var told = all.get(2);
    assertThat(free.exit()).isZero();
    assertThat(free.reached()).isGreaterThan(killed.limit());
    assertThat(killed.exit()).isEqualTo(137);
    assertThat(killed.oomKills()).isPositive();
    assertThat(killed.reached()).isLessThan(killed.limit());
    assertThat(told.exit()).isEqualTo(3);
    assertThat(told.oomKills()).isZero();
    assertThat(told.sees()).isLessThan(told.limit());
  }

  @Test
  void cold_reads_come_from_the_disk_and_warm_ones_do_not() throws Exception {
    var store = Files.getFileStore(place.site().folder()).type();
    assumeTrue(!store.equals("tmpfs"), "a file system in memory forgets nothing");

    var figures = new PageCache().measure(place.site(), Place.SCALE);
    Place.print(new PageCache(), PageCache.tell(figures));

    var cold = figures.way("whole", false);
    assertThat(cold.resident().median()).isLessThan(0.5);
    assertThat(cold.diskBytes().median()).isGreaterThanOrEqualTo(figures.fileBytes());
    assertThat(figures.way("mapped", false).major().median()).isPositive();
    for (var key : new String[] {"whole", "random", "mapped"}) {
      var warm = figures.way(key, true);
      assertThat(warm.resident().median()).isEqualTo(1);
      assertThat(warm.diskBytes().median()).as(key).isLessThan(figures.fileBytes() / 100);
      assertThat(warm.major().median()).isZero();
    }
  }
}
