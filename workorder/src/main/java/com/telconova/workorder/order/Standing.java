package com.telconova.workorder.order;

/// What somebody is to one order; it decides what they may do with it.
public enum Standing {
  /// The customer whose order it is.
  CUSTOMER,
  /// The technician it is assigned to.
  TECHNICIAN,
  /// A supervisor or an administrator.
  SUPERVISOR,
  /// Nobody: may not even know of it.
  STRANGER
}
