package com.telconova.tracking.evidence;

import java.text.Normalizer;
import java.util.regex.Pattern;

/// Makes a name that came with an upload fit to be shown and to be offered for a download.
final class FileName {
  /// How many characters (code points) a name may have.
  static final int MAX_LENGTH = 120;

  private static final String NAMELESS = "file";
  private static final Pattern INVISIBLE = Pattern.compile("\\p{C}");
  private static final Pattern UNSAFE = Pattern.compile("[<>:\"|?*;%\\s]+");
  private static final Pattern OUTER_DOTS = Pattern.compile("^[.\\s_]+|[.\\s]+$");
  private static final Pattern EXTENSION = Pattern.compile("\\.[A-Za-z0-9]{1,10}$");

  private FileName() {}

  /// Drops every folder, control and direction-changing characters, and what a file system or a
  /// header would trip over; shortens it in front of its extension.
  static String clean(String sent) {
    String name = Normalizer.normalize(sent, Normalizer.Form.NFC);
    name = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    name = INVISIBLE.matcher(name).replaceAll("");
    name = UNSAFE.matcher(name).replaceAll("_");
    name = OUTER_DOTS.matcher(name).replaceAll("");
    return name.isEmpty() ? NAMELESS : shorten(name);
  }

  private static String shorten(String name) {
    int length = name.codePointCount(0, name.length());
    if (length <= MAX_LENGTH) {
      return name;
    }
    var extension = EXTENSION.matcher(name);
    String kept = extension.find() ? extension.group() : "";
    return name.substring(0, name.offsetByCodePoints(0, MAX_LENGTH - kept.length())) + kept;
  }
}
