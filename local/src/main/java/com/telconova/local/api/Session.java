package com.telconova.local.api;

/// Somebody who logged in.
///
/// @param who what people call them
/// @param userId their account's id
/// @param token their access token
public record Session(String who, String userId, String token) {}
