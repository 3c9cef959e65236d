package com.telconova.local.report.figures;

/// What the threads of one name cost since their process began; times in nanoseconds.
///
/// @param runQueueWait -1 when it is not known
public record ThreadGroup(
    ThreadKind kind,
    long threads,
    long cpu,
    long runQueueWait,
    long voluntary,
    long involuntary,
    long read,
    long written) {

  static final ThreadGroup NOTHING = new ThreadGroup(ThreadKind.OTHER, 0, 0, 0, 0, 0, 0, 0);

  /// Both together; how many threads there are is added up, too.
  ThreadGroup plus(ThreadGroup more) {
    return new ThreadGroup(
        more.kind,
        threads + more.threads,
        cpu + more.cpu,
        unknownOr(runQueueWait, more.runQueueWait, runQueueWait + more.runQueueWait),
        voluntary + more.voluntary,
        involuntary + more.involuntary,
        read + more.read,
        written + more.written);
  }

  /// What was added since; how many threads there are stays.
  ThreadGroup since(ThreadGroup before) {
    return new ThreadGroup(
        kind,
        threads,
        cpu - before.cpu,
        unknownOr(runQueueWait, before.runQueueWait, runQueueWait - before.runQueueWait),
        voluntary - before.voluntary,
        involuntary - before.involuntary,
        read - before.read,
        written - before.written);
  }

  private static long unknownOr(long one, long other, long known) {
    return one < 0 || other < 0 ? -1 : known;
  }
}
