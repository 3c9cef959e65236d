package com.telconova.shared.testing;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds `.github/workflows` to what `docs/pipeline.md` says of all of them. Whether GitHub
/// understands them is actionlint's to say.
final class WorkflowsTest {
  /// `owner/action[/path]@commit # v1.2.3`; what a tag names can be changed, a commit cannot.
  private static final Pattern PINNED =
      Pattern.compile("uses: ([\\w.-]+/[\\w./-]+)@([0-9a-f]{40}) # v\\d+\\.\\d+\\.\\d+$");

  private static final Pattern LOCAL =
      Pattern.compile("uses: \\./(\\.github/workflows/[\\w-]+\\.yml)$");
  private static final Pattern USES = Pattern.compile("uses: \\S.*$", Pattern.MULTILINE);

  /// What `go run` and Maven are told to fetch, by their whole coordinates.
  private static final Pattern FETCHED =
      Pattern.compile("go (?:run|install) (?:-\\S+ )*(\\S+)|(\\S+:\\S+-maven-plugin\\S*)");

  private static final Pattern EXACTLY =
      Pattern.compile("\\S+@v\\d+\\.\\d+\\.\\d+|[\\w.]+:[\\w-]+:\\d+\\.\\d+\\.\\d+:\\w+");

  /// A file of ours that a step starts: from the root, with a folder or `./` before its name.
  private static final Pattern SCRIPT =
      Pattern.compile("^ *((?:\\./|[\\w.-]+/)[\\w./-]*)", Pattern.MULTILINE);

  private final Path root = Checkout.find().root();
  private final Path folder = root.resolve(".github/workflows");
  private final Path terraform = root.resolve("terraform");

  @Test
  void every_action_is_pinned_to_one_commit_and_says_which_version_that_is() throws IOException {
    List<String> uses = new ArrayList<>();
    for (Path file : files()) {
      USES.matcher(Files.readString(file)).results().map(MatchResult::group).forEach(uses::add);
    }
    List<String> others = uses.stream().filter(use -> !LOCAL.matcher(use).matches()).toList();

    assertThat(others).hasSizeGreaterThan(20).allMatch(use -> PINNED.matcher(use).matches());
    // Parts of one action (codeql-action/init and /analyze) come from one repository's commit.
    Map<String, Set<String>> commits =
        others.stream()
            .map(PINNED::matcher)
            .filter(match -> match.matches())
            .collect(
                groupingBy(
                    match -> String.join("/", List.of(match.group(1).split("/")).subList(0, 2)),
                    mapping(match -> match.group(2), toSet())));
    assertThat(commits.values()).allMatch(each -> each.size() == 1, "one commit of each");
    assertThat(uses.stream().map(LOCAL::matcher).filter(match -> match.matches()))
        .isNotEmpty()
        .allMatch(match -> Files.isRegularFile(root.resolve(match.group(1))));
  }

  @Test
  void every_job_has_rights_of_its_own_an_end_and_a_machine_that_does_not_change()
      throws IOException {
    for (Path file : files()) {
      JsonNode workflow = read(file);

      assertThat(workflow.path("permissions").isObject()).as("%s: permissions", file).isTrue();
      assertThat(workflow.path("permissions")).as("%s: rights for every job", file).isEmpty();
      for (Entry<String, JsonNode> job : workflow.path("jobs").properties()) {
        String name = file.getFileName() + ", " + job.getKey();
        JsonNode body = job.getValue();
        assertThat(body.path("permissions").isObject()).as("%s: permissions", name).isTrue();
        assertThat(body.path("permissions")).as("%s: permissions", name).isNotEmpty();
        // GitHub takes neither of the other two from a job that is another workflow.
        if (!body.has("uses")) {
          assertThat(body.path("timeout-minutes").asInt()).as("%s: timeout", name).isBetween(1, 90);
          assertThat(body.path("runs-on").asText()).as("%s: runs-on", name).matches(".*-\\d\\d.*");
        }
      }
    }
  }

  @Test
  void what_deploys_is_never_cancelled_halfway() throws IOException {
    List<JsonNode> deploying = jobs().filter(job -> job.has("environment")).toList();

    assertThat(deploying).isNotEmpty();
    for (JsonNode job : deploying) {
      JsonNode concurrency = job.path("concurrency");
      assertThat(concurrency.path("group").asText()).endsWith(job.path("environment").asText());
      assertThat(concurrency.get("cancel-in-progress")).isEqualTo(BooleanNode.FALSE);
    }
  }

  @Test
  void nothing_that_a_stranger_writes_reaches_a_shell_or_runs_with_our_rights() throws IOException {
    for (Path file : files()) {
      assertThat(Files.readString(file)).doesNotContain("pull_request_target", "workflow_run:");
    }
    // Not only what is known as dangerous: a value comes by `env`, and the shell quotes it.
    assertThat(runs().toList()).hasSizeGreaterThan(10).noneMatch(run -> run.contains("${{"));
    List<JsonNode> checkouts =
        steps().filter(step -> step.path("uses").asText().startsWith("actions/checkout@")).toList();
    assertThat(checkouts)
        .hasSizeGreaterThan(5)
        .allMatch(step -> step.at("/with/persist-credentials").asText().equals("false"));
  }

  @Test
  void it_builds_with_the_versions_that_we_promise() throws IOException {
    String java = one("pom.xml", "<maven.compiler.release>(\\d+)<");
    String node = one("README.md", "\\*\\*Node\\.js (\\d+)\\*\\*");

    assertThat(values("java-version")).containsExactly(java);
    assertThat(values("node-version")).containsExactly(node);
    assertThat(values("terraform_version"))
        .singleElement()
        .satisfies(version ->
            assertThat(requiredOfTerraform())
                .allMatch(required -> allows(required, version), "allows " + version));
  }

  @Test
  void every_tool_that_a_step_fetches_is_named_by_its_exact_version() throws IOException {
    List<String> fetched =
        runs()
            .flatMap(run -> FETCHED.matcher(run).results())
            .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
            .toList();

    assertThat(fetched)
        .hasSizeGreaterThanOrEqualTo(3)
        .allMatch(coordinates -> EXACTLY.matcher(coordinates).matches());
  }

  @Test
  void every_script_that_a_step_runs_is_there_and_can_be_run() throws IOException {
    List<Path> scripts =
        runs()
            .flatMap(run -> SCRIPT.matcher(run).results())
            .map(match -> root.resolve(match.group(1)).normalize())
            .distinct()
            .toList();

    assertThat(scripts).hasSizeGreaterThanOrEqualTo(3).allMatch(Files::isExecutable);
  }

  /// The values of this input, over all steps, each once.
  private Set<String> values(String input) throws IOException {
    return steps()
        .map(step -> step.path("with").path(input).asText())
        .filter(value -> !value.isEmpty())
        .collect(toSet());
  }

  /// The constraints of all modules, as they stand there.
  private List<String> requiredOfTerraform() {
    try (Stream<Path> all = Files.walk(terraform)) {
      return all.filter(file -> file.toString().endsWith(".tf"))
          .flatMap(file ->
              Pattern.compile("required_version\\s*=\\s*\"([^\"]+)\"")
                  .matcher(text(file))
                  .results())
          .map(match -> match.group(1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether every part of `>= 1.11.0, < 2.0.0` or `~> 1.11` holds for this version.
  private static boolean allows(String required, String version) {
    return Stream.of(required.split(",")).allMatch(part -> holds(part.strip(), version));
  }

  private static boolean holds(String part, String version) {
    String[] words = part.split("(?<=[<>=~])\\s*(?=\\d)", 2);
    int[] limit = numbers(words[words.length - 1]);
    int order = Arrays.compare(numbers(version), limit);
    return switch (words.length == 1 ? "=" : words[0].strip()) {
      case "=" -> order == 0;
      case ">=" -> order >= 0;
      case ">" -> order > 0;
      case "<=" -> order <= 0;
      case "<" -> order < 0;
      case "~>" -> {
        String[] given = words[1].split("\\.");
        int fixed = given.length - 1;
        yield order >= 0 && Arrays.equals(numbers(version), 0, fixed, limit, 0, fixed);
      }
      default -> throw new IllegalArgumentException("A constraint we cannot read: " + part);
    };
  }

  private static int[] numbers(String version) {
    int[] all = Stream.of(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
    return Arrays.copyOf(all, 3);
  }

  private Stream<String> runs() throws IOException {
    return steps().map(step -> step.path("run").asText()).filter(run -> !run.isEmpty());
  }

  private Stream<JsonNode> steps() throws IOException {
    return jobs().flatMap(job -> job.path("steps").valueStream());
  }

  private Stream<JsonNode> jobs() throws IOException {
    List<JsonNode> all = new ArrayList<>();
    for (Path file : files()) {
      read(file).path("jobs").forEach(all::add);
    }
    return all.stream();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static JsonNode read(Path file) throws IOException {
    return new YAMLMapper().readTree(file.toFile());
  }

  private String one(String file, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text(root.resolve(file)))
        .results()
        .map(match -> match.group(1))
        .findFirst()
        .orElseThrow(() -> new AssertionError(file + " has no " + pattern));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
