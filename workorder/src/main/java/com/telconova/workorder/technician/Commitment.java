package com.telconova.workorder.technician;

import com.telconova.workorder.place.Position;
import java.time.Instant;
import java.util.UUID;

/// An open order that a technician has.
///
/// @param estimatedMinutes how long it should take
/// @param zone,position where; the position may be null
/// @param windowStart,windowEnd when the technician is to arrive; each may be null
/// @param startedAt when they began, later by as long as it rested; null unless they are at it
/// @param onHold whether it rests
public record Commitment(
    UUID orderId,
    int estimatedMinutes,
    String zone,
    Position position,
    Instant windowStart,
    Instant windowEnd,
    Instant startedAt,
    boolean onHold) {}
