package com.telconova.local.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class NamesTest {

  @Test
  void packages_go_and_what_stands_around_a_name_stays() {
    assertThat(Names.brief("com.telconova.workorder.order.Orders.create"))
        .isEqualTo("Orders.create");
    assertThat(Names.brief("java.util.HashMap at com.telconova.shared.event.Relay.rest"))
        .isEqualTo("HashMap at Relay.rest");
    assertThat(Names.brief("com.telconova.shared.database.Gate$Lane.<init>"))
        .isEqualTo("Gate$Lane.<init>");
    assertThat(Names.brief("(none of ours on the stack)")).isEqualTo("(none of ours on the stack)");
    assertThat(Names.brief("read 127.0.0.1:5432")).isEqualTo("read 127.0.0.1:5432");
    assertThat(Names.brief("")).isEmpty();
  }

  @Test
  void of_a_long_path_the_end_stays() {
    assertThat(Names.brief("read /home/somebody/projects/microflow/auth/target/lib/javalin.jar"))
        .startsWith("read ...")
        .endsWith("target/lib/javalin.jar");
  }
}
