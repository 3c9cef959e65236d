package com.telconova.auth.credential;

import com.telconova.auth.account.Email;
import com.telconova.auth.audit.Origin;
import java.time.Instant;
import java.util.UUID;

/// Somebody asked for a new password, and the mail has not gone out yet.
///
/// @param email as it was asked for; may be nobody's
/// @param origin from where
/// @param first whether it is taken for the first time
/// @param expiresAt until when the token counts that its mail carries
/// @param traceparent W3C Trace Context of the request; may be null
record ResetRequest(
    UUID id, Email email, Origin origin, boolean first, Instant expiresAt, String traceparent) {}
