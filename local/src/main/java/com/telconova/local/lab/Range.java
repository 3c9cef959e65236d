package com.telconova.local.lab;

/// From the least to the most that was measured.
///
/// @param size how often it was measured: of one there is no range
record Range(double least, double most, Quantity.Unit unit, int size) {}
