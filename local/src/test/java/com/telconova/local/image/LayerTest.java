package com.telconova.local.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LayerTest {
  private static final String EMPTY =
      "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";

  @Test
  void each_layer_has_its_own_id_and_what_made_it_by_either_builder() {
    var buildkit =
        Layer.of(
            List.of("sha256:a", "sha256:b", EMPTY),
            List.of(
                "0\tENTRYPOINT [\"java\"]",
                "0\tWORKDIR /app",
                "32400000\tCOPY /image/auth/jars/ /app/lib/ # buildkit",
                "51700000\tCOPY /image/opt/ /opt/ # buildkit"));
    var classic =
        Layer.of(
            List.of("sha256:a"),
            List.of(
                "0\t/bin/sh -c #(nop)  USER 65532:65532",
                "51700000\t/bin/sh -c #(nop) COPY dir:4a8e in /opt/ "));

    assertThat(buildkit)
        .containsExactly(
            new Layer("sha256:a", 51_700_000, "COPY /image/opt/ /opt/"),
            new Layer("sha256:b", 32_400_000, "COPY /image/auth/jars/ /app/lib/"));
    assertThat(classic).containsExactly(new Layer("sha256:a", 51_700_000, "COPY /opt/"));
  }
}
