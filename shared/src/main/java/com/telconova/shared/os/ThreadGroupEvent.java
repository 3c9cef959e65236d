package com.telconova.shared.os;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/// What the threads of one name cost, in a recording: one for each name, with each [ProcessEvent].
/// What only grows counts from the process's beginning; of a thread that ended, up to the last
/// scrape of its life.
@Name("microflow.ThreadGroup")
@Label("Threads of a Name")
@Description("What the threads of one name cost the operating system, from /proc/self/task")
@Category({"MicroFlow", "Operating System"})
@StackTrace(false)
final class ThreadGroupEvent extends Event {
  @Label("Name")
  @Description("15 characters at most, numbers at the end cut")
  String name;

  @Label("Carriers")
  @Description("Whether they carry virtual threads")
  boolean carriers;

  @Label("Threads")
  long threads;

  @Label("CPU Time")
  @Description("User and system")
  @Timespan(Timespan.NANOSECONDS)
  long cpuTime;

  @Label("Run Queue Wait")
  @Description("-1 where it is not known")
  @Timespan(Timespan.NANOSECONDS)
  long runQueueWait;

  @Label("Voluntary Context Switches")
  long voluntarySwitches;

  @Label("Involuntary Context Switches")
  long involuntarySwitches;

  @Label("Bytes Read")
  @Description("By system calls; send and recv are none of them")
  @DataAmount
  long bytesRead;

  @Label("Bytes Written")
  @DataAmount
  long bytesWritten;
}
