package com.telconova.auth.session;

import com.telconova.auth.audit.Origin;
import java.time.Instant;
import java.util.UUID;

/// A session as its owner sees it.
///
/// @param lastUsedAt when its tokens were last made
public record OwnSession(UUID id, Origin origin, Instant createdAt, Instant lastUsedAt) {}
