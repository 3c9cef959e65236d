package com.telconova.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.local.gateway.Backend.Instance;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class BackendTest {
  private static final Instance OLD = instance(1);
  private static final Instance NEW = instance(2);

  private final AtomicLong nanos = new AtomicLong(-Duration.ofSeconds(3).toNanos());
  private final Backend backend = new Backend(List.of(OLD, NEW), nanos::get);

  @Test
  void one_that_becomes_ready_beside_another_gets_little_at_first_and_half_in_the_end() {
    backend.takeOut(NEW);
    backend.putIn(OLD);
    pass(Duration.ofMinutes(1));
    backend.putIn(NEW);

    assertThat(ofThousandToNew()).isBetween(40L, 60L);
    pass(Duration.ofSeconds(5));
    assertThat(ofThousandToNew()).isBetween(320L, 350L);
    pass(Duration.ofSeconds(5));
    assertThat(ofThousandToNew()).isBetween(499L, 501L);
    pass(Duration.ofDays(30));
    assertThat(ofThousandToNew()).isBetween(499L, 501L);
  }

  @Test
  void those_that_were_ready_from_the_beginning_share_from_the_beginning() {
    backend.putIn(OLD);
    pass(Duration.ofSeconds(1));
    backend.putIn(NEW);
    assertThat(ofThousandToNew()).isBetween(499L, 501L);

    backend.putIn(NEW);

    assertThat(ofThousandToNew()).isBetween(499L, 501L);
  }

  @Test
  void one_that_is_alone_gets_everything_and_whoever_joins_it_begins_slowly() {
    backend.putIn(NEW);
    assertThat(ofThousandToNew()).isEqualTo(1_000);

    backend.takeOut(OLD);
    backend.putIn(OLD);
    assertThat(ofThousandToNew()).isBetween(940L, 960L);

    backend.takeOut(NEW);
    assertThat(ofThousandToNew()).isZero();
    backend.putIn(NEW);
    pass(Duration.ofSeconds(5));
    assertThat(ofThousandToNew()).isBetween(490L, 510L);
  }

  @Test
  void while_none_is_ready_all_get_some() {
    assertThat(ofThousandToNew()).isEqualTo(500);
    assertThat(backend.nextBut(NEW)).contains(OLD);
    assertThat(new Backend(List.of(OLD)).nextBut(OLD)).isEmpty();
  }

  private long ofThousandToNew() {
    return Stream.generate(backend::next).limit(1_000).filter(NEW::equals).count();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static Instance instance(int number) {
    var uri = URI.create("http://127.0.0.1:" + number);
    return new Instance(uri, uri);
  }
}
