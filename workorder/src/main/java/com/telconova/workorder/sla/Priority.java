package com.telconova.workorder.sla;

/// How urgent an order is; P1 first.
public enum Priority {
  P1,
  P2,
  P3,
  P4
}
