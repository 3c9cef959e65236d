package com.telconova.tracking.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.shared.database.Database;
import com.telconova.tracking.TrackingDatabase;
import com.telconova.tracking.timeline.NewEntry;
import com.telconova.tracking.timeline.Timeline;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LiveRepositoryIT {
  private static final int ENTRIES = 10;
  private static final int BYTES = 10_000;
  private static final Slice THREE = new Slice(100, 2 * BYTES + 100);
  private static final Slice ONE = new Slice(100, 1);

  private final Database database = TrackingDatabase.open();
  private final LiveRepository repository = new LiveRepository();
  private final Feed all = new Feed.AllOrders();
  private final UUID order = UUID.randomUUID();
  private Place before;

  @BeforeEach
  void append() {
    before = database.read(handle -> repository.newest(handle, all));
    Timeline timeline = new Timeline(Clock.systemUTC(), database, null, () -> {});
    String data = "{\"a\": \"" + "x".repeat(BYTES) + "\"}";
    for (int i = 0; i < ENTRIES; i++) {
      database.useTransaction(handle ->
          timeline.append(
              handle,
              new NewEntry(
                  UuidCreator.getTimeOrderedEpoch(),
                  order,
                  "order.status_changed",
                  Instant.now(),
                  null,
                  data)));
    }
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void large_entries_come_a_few_at_a_time_and_all_of_them_in_order() {
    Feed one = new Feed.OneOrder(order);
    Place start = new Place(0, 0);

    assertThat(slices(start, place -> after(one, place, THREE))).containsExactly(3, 3, 3, 1);
    assertThat(slices(before, place -> after(all, place, THREE))).containsExactly(3, 3, 3, 1);
    assertThat(
            slices(
                start,
                place ->
                    database.read(handle -> repository.after(handle, Map.of(order, place), THREE))))
        .containsExactly(3, 3, 3, 1);
  }

  @Test
  void one_that_is_larger_than_a_slice_comes_alone() {
    assertThat(slices(new Place(0, 0), place -> after(new Feed.OneOrder(order), place, ONE)))
        .hasSize(ENTRIES)
        .containsOnly(1);
    assertThat(ONE.isFull(after(all, before, ONE))).isTrue();
    assertThat(new Slice(ENTRIES + 1, Long.MAX_VALUE).isFull(after(all, before, THREE))).isFalse();
  }

  private List<LiveEntry> after(Feed feed, Place place, Slice slice) {
    return database.read(handle -> repository.after(handle, feed, place, slice));
  }

  /// How many came each time, until none did.
  private List<Integer> slices(Place from, Function<Place, List<LiveEntry>> read) {
    List<Integer> counts = new ArrayList<>();
    Place place = from;
    List<LiveEntry> slice = read.apply(place);
    while (!slice.isEmpty()) {
      assertThat(slice).extracting(LiveEntry::orderId).containsOnly(order);
      for (LiveEntry entry : slice) {
        assertThat(entry.place().isAfter(place)).isTrue();
        place = entry.place();
      }
      counts.add(slice.size());
      slice = read.apply(place);
    }
    return counts;
  }
}
