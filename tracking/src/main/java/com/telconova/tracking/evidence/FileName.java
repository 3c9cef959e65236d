package com.telconova.tracking.evidence;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.regex.Pattern;

/// Makes a name that came with an upload fit to be shown and to be offered for a download.
final class FileName {
  /// How many characters (code points) a name may have.
  static final int MAX_LENGTH = 120;

  private static final String NAMELESS = "file";
  private static final String QUOTED = "\"\\%";
  private static final String ATTR_CHARS = "!#$&+-.^_`|~"; // RFC 8187 §3.2.1
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

  /// What offers a file for a download under a name (RFC 6266): in ASCII for old clients, and as it
  /// is, percent-encoded (RFC 8187), for the others.
  ///
  /// @param name as [#clean] makes it
  static String attachment(String name) {
    StringBuilder plain = new StringBuilder();
    StringBuilder encoded = new StringBuilder();
    name.codePoints()
        .forEach(c -> plain.append(c > 0x20 && c < 0x7f && QUOTED.indexOf(c) < 0 ? (char) c : '_'));
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      boolean asItIs = Character.isLetterOrDigit(b) && b > 0 || ATTR_CHARS.indexOf(b) >= 0;
      encoded.append(asItIs ? Character.toString(b) : "%%%02X".formatted(b & 0xff));
    }
    return "attachment; filename=\"%s\"; filename*=UTF-8''%s".formatted(plain, encoded);
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
