package com.telconova.local.report.figures;

import com.telconova.local.report.file.Recording;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What the recordings of some processes say, on one axis of time.
///
/// @param processes one for each recording, by name and start
public record Figures(Axis axis, List<ProcessFigures> processes, Journeys journeys) {
  private static final int FOLLOWED = 40_000;

  /// Reads each recording twice: first everything is counted, then what the slowest requests waited
  /// for is looked up.
  ///
  /// @param recordings at least one
  public static Figures of(List<Recording> recordings) {
    return of(recordings, FOLLOWED);
  }

  static Figures of(List<Recording> recordings, int followed) {
    var axis =
        new Axis(
            recordings.stream().mapToLong(Recording::start).min().orElseThrow(),
            recordings.stream().mapToLong(Recording::end).max().orElseThrow());
    var journeys = new Journeys(followed);
    var processes = new ArrayList<ProcessFigures>();
    for (Recording recording : recordings) {
      var process = new ProcessFigures(processes.size(), recording, axis, journeys);
      process.readFirst();
      processes.add(process);
    }
    journeys.choose();
    processes.forEach(process -> process.readAgain(journeys));
    processes.sort(
        Comparator.comparing(ProcessFigures::name)
            .thenComparing(process -> process.recording().start()));
    return new Figures(axis, List.copyOf(processes), journeys);
  }

  /// What a recording is called in the report: its process's name, and the process's number where
  /// two have the same name.
  ///
  /// @param number of the recording
  public String label(int number) {
    var process =
        processes.stream().filter(each -> each.number() == number).findFirst().orElseThrow();
    var same = processes.stream().filter(each -> each.name().equals(process.name())).toList();
    if (same.size() == 1) {
      return process.name();
    }
    long pid = process.samples().pid();
    boolean pidTells =
        pid > 0 && same.stream().filter(each -> each.samples().pid() == pid).count() == 1;
    return pidTells
        ? process.name() + " (" + pid + ")"
        : process.name() + " " + (same.indexOf(process) + 1);
  }
}
