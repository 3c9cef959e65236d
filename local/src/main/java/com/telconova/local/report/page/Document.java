package com.telconova.local.report.page;

import java.util.List;

/// A whole report. What is written of it, as HTML or as text, comes from here and from nowhere
/// else.
///
/// @param notes what somebody should know before they believe any of it; often empty
public record Document(String title, String subtitle, List<String> notes, List<Section> sections) {
  public Document {
    notes = List.copyOf(notes);
    sections = List.copyOf(sections);
  }
}
