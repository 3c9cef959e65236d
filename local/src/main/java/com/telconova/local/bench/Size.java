package com.telconova.local.bench;

import com.telconova.shared.testing.Topology;
import java.util.List;

/// What the images take.
final class Size implements Part {
  private static final double MEGABYTE = 1e6;

  @Override
  public String name() {
    return "size";
  }

  @Override
  public String about() {
    return "the images, with and without the AOT cache";
  }

  @Override
  public void run(Ground ground, Scale scale, Outcome.Draft out) {
    if (ground.images().isEmpty()) {
      out.missing("there are no images with --no-image.");
      return;
    }
    var images = ground.images().get();
    var rows =
        out.grid("Images, MB of 1,000,000 bytes", "image", "AOT cache>", "all else>", "together>");
    double with = 0;
    double without = 0;
    for (var service : Topology.SERVICES) {
      double all = images.bytes(service) / MEGABYTE;
      double cache = images.cacheBytes(service) / MEGABYTE;
      with = Math.max(with, all);
      without = Math.max(without, all - cache);
      rows.add(
          List.of(service, Budget.number(cache), Budget.number(all - cache), Budget.number(all)));
    }
    out.judge(Budget.IMAGE_CACHED, with, "the largest of three");
    out.judge(Budget.IMAGE_PLAIN, without, "the largest of three");
  }
}
