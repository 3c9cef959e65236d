package com.telconova.local.bench;

import com.telconova.local.footprint.Footprint;
import com.telconova.local.steps.StepFailed;
import com.telconova.shared.testing.Topology;
import java.util.List;

/// What a service takes that nobody asks for anything.
final class Idle implements Part {
  private static final double MEBIBYTE = 1 << 20;

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public String about() {
    return "memory, threads, descriptors of services that wait";
  }

  @Override
  public void run(Ground ground, Scale scale, Outcome.Draft out) throws Exception {
    var rows =
        out.grid(
            "%d s after the start".formatted(scale.idle().toSeconds()),
            "service",
            "recording",
            "RSS MiB>",
            "threads>",
            "descriptors>",
            "CPU ms/s>");
    if (ground.images().isEmpty()) {
      out.missing("--no-image: without an AOT cache a service takes more.");
    }
    double resident = 0;
    double threads = 0;
    double descriptors = 0;
    for (var recording : List.of(false, true)) {
      for (var name : Topology.SERVICES) {
        ground.progress("starts %s, recording %s", name, recording ? "on" : "off");
        var setup = Knobs.Setup.SHIPPED;
        ground.restart(name, recording ? setup : setup.withoutRecording());
      }
      ground.progress("waits, recording %s", recording ? "on" : "off");
      ground.pause(scale.idle().dividedBy(2));
      var before = footprints(ground);
      ground.pause(scale.idle().dividedBy(2));
      var after = footprints(ground);
      for (int i = 0; i < Topology.SERVICES.size(); i++) {
        var seen = after.get(i);
        double mebibytes = seen.residentBytes() / MEBIBYTE;
        double cpu =
            seen.cpu().minus(before.get(i).cpu()).toMillis() / (scale.idle().toMillis() / 2 / 1e3);
        rows.add(
            List.of(
                Topology.SERVICES.get(i),
                recording ? "on" : "off",
                Budget.number(mebibytes),
                seen.threads().isPresent() ? Long.toString(seen.threads().getAsLong()) : "-",
                seen.descriptors().isPresent()
                    ? Long.toString(seen.descriptors().getAsLong())
                    : "-",
                Budget.number(cpu)));
        // Memory is promised with the recording off; threads and descriptors as shipped.
        if (!recording) {
          resident = Math.max(resident, mebibytes);
        } else {
          threads = Math.max(threads, seen.threads().orElse(0));
          descriptors = Math.max(descriptors, seen.descriptors().orElse(0));
        }
      }
    }
    out.judge(Budget.IDLE_RSS, resident, "the largest of three; the recording's cost is below");
    if (threads == 0) {
      out.missing("threads and descriptors: this system has no /proc.");
      return;
    }
    out.judge(Budget.IDLE_THREADS, threads, "the most of three, recording on");
    out.judge(Budget.IDLE_DESCRIPTORS, descriptors, "the most of three, recording on");
  }

  private static List<Footprint> footprints(Ground ground) throws Exception {
    var footprints = new java.util.ArrayList<Footprint>();
    for (var name : Topology.SERVICES) {
      footprints.add(
          Footprint.of(ground.service(name).pid())
              .orElseThrow(() -> new StepFailed(name + " has ended")));
    }
    return footprints;
  }
}
