package com.telconova.tracking.notification.template;

/// A message in somebody's language.
///
/// @param subject one line
/// @param body plain text, lines separated by LF
public record Message(String subject, String body) {}
