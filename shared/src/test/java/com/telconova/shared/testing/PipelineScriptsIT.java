package com.telconova.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The scripts of a deployment, with the real git and stand-ins for what only GitHub and AWS have.
final class PipelineScriptsIT {
  private static final String MAIN =
      "https://github.com/o/r/.github/workflows/main.yml@refs/heads/main";

  private record Said(int status, String out, String all) {}

  private final Checkout checkout = Checkout.find();
  private final Path scratch = checkout.scratch("pipeline");
  private final Path clone = scratch.resolve("clone");
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void stand_ins() throws IOException {
    Files.createDirectories(clone);
    environment.put("PATH", scratch + ":" + System.getenv("PATH"));
    environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    environment.put("GITHUB_REPOSITORY", "o/r");
    environment.put("GITHUB_SERVER_URL", "https://github.com");
    environment.put("ENVIRONMENT", "prod");
    environment.put("BY_HAND", "false");
    environment.put("REGISTRY", "registry");
    environment.put("REFUSED", "nothing");
    // The newest deployment is the one under way, the one before failed, then comes what is there.
    standIn(
        "gh",
        """
        case "$*" in
        *deployments/9/statuses*) echo in_progress ;;
        *deployments/8/statuses*) echo failure ;;
        *deployments/7/statuses*) echo success ;;
        *environment=prod*) [ -z "$DEPLOYED" ] || printf '%s\\n' "9 $COMMIT" "8 $COMMIT" "7 $DEPLOYED" ;;
        *) exec verifier gh "$@" ;;
        esac
        """);
    standIn("cosign", "exec verifier cosign \"$@\"");
    standIn(
        "verifier",
        """
        echo "$*" >>"$0.log"
        case "$*" in *$REFUSED*) echo "no matching signature" >&2; exit 1 ;; esac
        echo '{"payload": "…"}'
        """);
    standIn("aws", "name=${4#microflow/}; echo sha256:of-$name-$6");
  }

  @AfterEach
  void leave_nothing() {
    Checkout.delete(scratch);
  }

  @Test
  void a_commit_goes_out_if_it_contains_what_is_deployed() throws Exception {
    List<String> main = history();

    assertThat(deployable(main.get(2), "").status()).isZero();
    assertThat(deployable(main.get(2), main.get(1)).status()).isZero();
    assertThat(deployable(main.get(2), main.get(2)).status()).isZero();
  }

  @Test
  void an_older_commit_goes_out_only_by_hand() throws Exception {
    List<String> main = history();

    assertThat(deployable(main.get(1), main.get(2)))
        .satisfies(said -> assertThat(said.status()).isEqualTo(1))
        .satisfies(said -> assertThat(said.out()).contains("start Deploy by hand to go back"));

    environment.put("BY_HAND", "true");
    assertThat(deployable(main.get(1), main.get(2)).status()).isZero();
  }

  @Test
  void what_is_not_a_commit_of_main_never_goes_out() throws Exception {
    String newest = history().getLast();
    environment.put("BY_HAND", "true");

    assertThat(deployable(git("rev-parse", "side").out().strip(), "").out())
        .contains("is not a commit of main");
    assertThat(deployable("main", "").out()).contains("must be a whole SHA");
    assertThat(deployable(newest.substring(0, 12), "").out()).contains("must be a whole SHA");
    assertThat(deployable("$(exit 0)", "").out()).contains("must be a whole SHA");
  }

  @Test
  void the_images_of_a_commit_are_named_by_digest_once_each_was_verified_three_times()
      throws Exception {
    Said said = signedImages();

    assertThat(said.status()).as(said.all()).isZero();
    JsonNode images = new ObjectMapper().readTree(said.out());
    assertThat(images.properties())
        .extracting(Map.Entry::getKey)
        .containsExactly("auth", "workorder", "tracking", "sql");
    assertThat(images.path("sql").asText())
        .isEqualTo("registry/microflow/sql@sha256:of-sql-imageTag=c0ffee");
    assertThat(Files.readAllLines(scratch.resolve("verifier.log")))
        .hasSize(12)
        .allMatch(call -> call.contains("-identity " + MAIN + " ") && call.contains(" c0ffee "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "verify --*/workorder@",
        "verify-attestation *sql@",
        "attestation verify oci*auth@"
      })
  void no_image_is_named_if_one_of_them_is_not_vouched_for(String refused) throws Exception {
    environment.put("REFUSED", refused);

    Said said = signedImages();

    assertThat(said.status()).isNotZero();
    assertThat(said.out()).isEmpty();
    assertThat(said.all()).contains("no matching signature");
  }

  private Said deployable(String commit, String deployed) throws Exception {
    environment.put("COMMIT", commit);
    environment.put("DEPLOYED", deployed);
    return run(checkout.root().resolve(".github/scripts/deployable.sh").toString());
  }

  private Said signedImages() throws Exception {
    environment.put("COMMIT", "c0ffee");
    return run(checkout.root().resolve(".github/scripts/signed-images.sh").toString());
  }

  /// Three commits of main, oldest first, and one beside them on `side`.
  private List<String> history() throws Exception {
    git("init", "--quiet", "--initial-branch=main");
    for (String commit : List.of("first", "second", "third")) {
      commit(commit);
    }
    git("update-ref", "refs/remotes/origin/main", "main");
    git("checkout", "--quiet", "-b", "side", "main~1");
    commit("aside");
    return git("rev-list", "--reverse", "main").out().lines().toList();
  }

  private void commit(String message) throws Exception {
    git(
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@localhost",
        "commit",
        "--quiet",
        "--allow-empty",
        "--message",
        message);
  }

  private Said git(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "git";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Said said = run(command);
    assertThat(said.status()).as(said.all()).isZero();
    return said;
  }

  private Said run(String... command) throws Exception {
    Path out = scratch.resolve("out");
    Path err = scratch.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(clone.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(String.join(" ", command)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(out);
    return new Said(process.exitValue(), said, said + Files.readString(err));
  }

  private void standIn(String name, String script) throws IOException {
    Path file = Files.writeString(scratch.resolve(name), "#!/usr/bin/env bash\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
