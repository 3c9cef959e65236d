package com.telconova.auth.session;

import java.time.Instant;
import java.util.UUID;

/// What one login opened.
///
/// @param expiresAt the end that no refresh postpones
/// @param ended whether it was ended before
record Session(UUID id, UUID userId, Instant expiresAt, boolean ended) {}
