package com.telconova.local.load;

import java.time.Duration;

/// How a run stands.
///
/// @param measuring false while it warms up
/// @param elapsed since the warm-up began
/// @param perSecond answers as they should be, over the last second
/// @param p99 of the last second; zero without answers
/// @param errors since the warm-up began, of any kind
/// @param underWay requests that wait for an answer, or for a connection
public record Progress(
    boolean measuring,
    Duration elapsed,
    double perSecond,
    Duration p99,
    long errors,
    long underWay) {}
