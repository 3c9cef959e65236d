package com.telconova.shared.problem;

/// One thing wrong with a request.
///
/// @param pointer where: a JSON Pointer (RFC 6901) such as `/requiredSkills/0/level`, or the name
///   of a query parameter
/// @param detail which rule it breaks and what to do, for the person who sent it
public record Fault(String pointer, String detail) {}
