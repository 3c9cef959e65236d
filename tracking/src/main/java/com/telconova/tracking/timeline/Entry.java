package com.telconova.tracking.timeline;

/// A link of an order's chain.
///
/// @param position in the order of appending, from 1
/// @param previousHash the hash of the link before it, [Chain#START] for the first
/// @param hash its own; see [Chain]
public record Entry(NewEntry what, long position, String previousHash, String hash) {}
