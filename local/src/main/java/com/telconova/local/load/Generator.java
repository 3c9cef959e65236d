package com.telconova.local.load;

import java.time.Duration;
import java.util.Optional;

/// What the thread that sends was able to do, and what it did: whether it was the limit.
///
/// @param limitPerSecond how many requests a second it reached beforehand, against an answerer that
///   does nothing, with as many connections
/// @param limitCpuMicros its CPU time for each of those, user and system
/// @param cpuMicros its CPU time for each request of the run
/// @param busy the share of the measured part in which it was on a processor, 0 to 1
/// @param waited the share in which it wanted one and had none, 0 to 1
/// @param lateP99 of an open loop: how long after it was due a request was begun with, when it had
///   not to wait for a connection; zero of a closed one
/// @param late the same, the longest
/// @param limited why it and not the system was the limit; empty when it was not
public record Generator(
    double limitPerSecond,
    double limitCpuMicros,
    double cpuMicros,
    double busy,
    double waited,
    Duration lateP99,
    Duration late,
    Optional<String> limited) {}
