package com.telconova.local.report;

import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.file.Recording;
import com.telconova.local.report.file.RecordingFault;
import com.telconova.local.report.page.Document;
import com.telconova.local.report.page.HtmlPage;
import com.telconova.local.report.page.TextPage;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.workbench.StartFailed;
import com.telconova.shared.lifecycle.CannotStart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Explains recordings: what each process cost, side by side, as a page of HTML and as text.
@Command(name = "report")
public final class ReportCommand implements Callable<Integer> {
  private static final int MAX_FILES = 12;

  private final Terminal terminal;

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..*")
  private List<Path> files = new ArrayList<>();

  @Option(names = "--out")
  private Path out;

  @Option(names = "--text")
  private boolean text;

  @Option(names = "--html")
  private boolean html;

  public ReportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    check();
    try {
      boolean withPage = html || !text || out != null;
      var recordings = recordings();
      Path page = withPage ? page() : null;
      Document document = Report.of(Figures.of(recordings));
      if (text || !html) {
        TextPage.of(document, terminal.isUnicode()).forEach(terminal::line);
      }
      if (withPage) {
        write(page, HtmlPage.of(document));
        terminal.line("");
        terminal.line("The same with charts: " + page);
      }
      return 0;
    } catch (RecordingFault fault) {
      throw new StartFailed(fault.getMessage());
    }
  }

  private void check() {
    if (files.isEmpty()) {
      throw wrong("report takes recordings: FILE.jfr..., as ./microflow record makes them.");
    }
    if (files.size() > MAX_FILES) {
      throw wrong("report takes " + MAX_FILES + " recordings at most, not " + files.size() + ".");
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private List<Recording> recordings() {
    var distinct = new LinkedHashSet<Path>();
    files.forEach(file -> distinct.add(file.toAbsolutePath().normalize()));
    return distinct.stream().map(Recording::open).toList();
  }

  /// Where the page goes: it takes the place of an older report, and of nothing else.
  private Path page() throws IOException {
    Path page =
        (out == null ? files.getFirst().resolveSibling("report.html") : out)
            .toAbsolutePath()
            .normalize();
    if (Files.isDirectory(page)) {
      throw new StartFailed(page + " is a folder; name a file with --out.");
    }
    if (!Files.isDirectory(page.getParent())) {
      throw new StartFailed(page.getParent() + " does not exist; make that folder first.");
    }
    if (Files.exists(page) && !HtmlPage.isOne(page)) {
      throw new StartFailed(
          page + " exists and is not a report; name another file with --out, or move it away.");
    }
    return page;
  }

  /// Never half a page: it is written beside and moved.
  private static void write(Path page, String content) {
    Path beside = page.resolveSibling(page.getFileName() + "." + ProcessHandle.current().pid());
    try {
      try {
        Files.writeString(beside, content, StandardCharsets.UTF_8);
        Files.move(
            beside, page, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw new StartFailed(page + " cannot be written: " + CannotStart.reason(e));
    }
  }
}
