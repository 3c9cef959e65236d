package com.telconova.local.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What one instruction of a Dockerfile left in an image.
///
/// @param id of its content: images that have it in common keep it once
/// @param bytes uncompressed
/// @param by the instruction
record Layer(String id, long bytes, String by) {
  // An archive of nothing, which WORKDIR leaves when the folder is there.
  private static final String EMPTY =
      "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";
  private static final Pattern BUILDKIT = Pattern.compile("(?s)(.*?)( # buildkit)?");
  private static final Pattern CLASSIC =
      Pattern.compile("(?s)/bin/sh -c #\\(nop\\) +(\\w+) \\S+ in (.*)");

  /// Those of an image that hold anything, lowest first.
  static List<Layer> of(Docker docker, String module) throws IOException, InterruptedException {
    var image = Docker.image(module);
    var ids =
        docker.output(
            "image", "inspect", "--format", "{{range .RootFS.Layers}}{{println .}}{{end}}", image);
    var history =
        docker.output(
            "history",
            "--no-trunc",
            "--human=false",
            "--format",
            "{{.Size}}\t{{.CreatedBy}}",
            image);
    return of(ids.lines().filter(id -> !id.isBlank()).toList(), history.lines().toList());
  }

  /// @param ids lowest first
  /// @param history sizes and instructions, with a tab between, highest first
  static List<Layer> of(List<String> ids, List<String> history) {
    var full = ids.stream().map(String::strip).filter(id -> !id.equals(EMPTY)).toList();
    var layers = new ArrayList<Layer>();
    for (var line : history.reversed()) {
      int tab = line.indexOf('\t');
      long bytes = Long.parseLong(line.substring(0, tab).strip());
      if (bytes > 0) {
        // Should their numbers differ, it counts as the image's own.
        var id = layers.size() < full.size() ? full.get(layers.size()) : line;
        layers.add(new Layer(id, bytes, readable(line.substring(tab + 1))));
      }
    }
    return layers;
  }

  private static String readable(String instruction) {
    var classic = CLASSIC.matcher(instruction.strip());
    if (classic.matches()) {
      return classic.group(1) + " " + classic.group(2).strip();
    }
    var buildkit = BUILDKIT.matcher(instruction.strip());
    return buildkit.matches() ? buildkit.group(1) : instruction.strip();
  }
}
