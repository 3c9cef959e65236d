package com.telconova.workorder.technician;

import java.time.Instant;
import java.util.UUID;

/// An open order that a technician has.
///
/// @param estimatedMinutes how long it should take
/// @param windowStart,windowEnd when the technician is to arrive; each may be null
/// @param startedAt when they began; null unless they are at it
/// @param onHold whether it rests
public record Commitment(
    UUID orderId,
    int estimatedMinutes,
    Instant windowStart,
    Instant windowEnd,
    Instant startedAt,
    boolean onHold) {}
