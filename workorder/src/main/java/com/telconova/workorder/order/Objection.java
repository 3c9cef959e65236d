package com.telconova.workorder.order;

/// Why somebody should not be sent.
///
/// @param rule its name, such as `CAPACITY`
/// @param detail in words, for whoever assigns
public record Objection(String rule, String detail) {}
