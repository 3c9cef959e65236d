package com.telconova.local.report.page;

import java.util.List;

/// A part of a report: one sentence that says what one sees and what it does not tell, then what
/// concerns all processes, then a panel for each, side by side.
///
/// @param id for links
/// @param shared above the panels
public record Section(
    String id, String title, String lead, List<Block> shared, List<Panel> panels) {
  public Section {
    shared = List.copyOf(shared);
    panels = List.copyOf(panels);
  }

  /// @param name of a process
  public record Panel(String name, List<Block> blocks) {
    public Panel {
      blocks = List.copyOf(blocks);
    }
  }
}
