package com.telconova.local.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.telconova.local.workbench.StartFailed;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.Rounds;
import com.telconova.shared.testing.Topology;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The images as they are, where a Docker engine has them: `./microflow images` builds them. Not in
/// a normal build, which needs no Docker; `-Dmicroflow.rounds=full` runs it.
final class ImagesIT {
  private static final List<String> ALL =
      Stream.concat(Topology.SERVICES.stream(), Stream.of("sql", "gateway")).toList();

  private final Path folder = Checkout.find().scratch("images");

  @AfterEach
  void clean() {
    Checkout.delete(folder);
  }

  @Test
  void without_docker_one_line_says_what_to_do() {
    assertThatThrownBy(() -> Docker.find("docker-that-is-not-there", folder))
        .isInstanceOf(StartFailed.class)
        .hasMessageContainingAll("docker is missing", "./microflow image-root");
    assertThatThrownBy(() -> Docker.find("false", folder))
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining("its engine does not answer");
  }

  @Test
  void nobody_is_root_and_there_is_no_shell_and_no_secret_in_the_history() throws Exception {
    var docker = docker();
    for (var module : ALL) {
      var image = Docker.image(module);

      assertThat(docker.output("image", "inspect", "--format", "{{.Config.User}}", image))
          .isEqualTo("65532:65532");
      assertThat(
              docker.output("image", "inspect", "--format", "{{json .Config.Entrypoint}}", image))
          .isEqualTo("[\"/opt/java/bin/java\",\"@jvm.args\",\"@run.args\"]");
      assertThat(
              docker.output("image", "inspect", "--format", "{{json .Config.Healthcheck}}", image))
          .isEqualTo("null");
      for (var shell : List.of("sh", "/bin/sh", "/bin/bash", "/busybox/sh")) {
        assertThatThrownBy(() -> docker.output("run", "--rm", "--entrypoint", shell, image))
            .isInstanceOf(StartFailed.class)
            .hasMessageContaining("exec");
      }
      assertThat(
              docker.output("history", "--no-trunc", "--format", "{{.CreatedBy}}", image)
                  + docker.output("image", "inspect", "--format", "{{json .Config.Env}}", image))
          .doesNotContainPattern("(?i)password|secret|token|private|credential");
    }
  }

  @Test
  void a_recording_can_be_written_where_everything_but_tmp_is_read_only() throws Exception {
    var docker = docker();
    for (var module : ALL) {
      docker.output(
          "run",
          "--rm",
          "--network=none",
          "--read-only",
          "--tmpfs=/tmp:size=32m,mode=1777,noexec,nosuid,nodev",
          "--cap-drop=ALL",
          "--entrypoint=/opt/java/bin/java",
          Docker.image(module),
          "-XX:StartFlightRecording=disk=true",
          "-version");
    }
  }

  private Docker docker() throws IOException, InterruptedException {
    assumeTrue(Rounds.of(0, 1) == 1, "needs Docker and the images: -Dmicroflow.rounds=full");
    try {
      var docker = Docker.find("docker", folder);
      for (var module : ALL) {
        docker.output("image", "inspect", Docker.image(module));
      }
      return docker;
    } catch (StartFailed none) {
      assumeTrue(false, none.getMessage());
      throw none;
    }
  }
}
