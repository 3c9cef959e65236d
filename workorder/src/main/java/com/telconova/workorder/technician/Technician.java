package com.telconova.workorder.technician;

import java.util.UUID;

/// Somebody who can be sent to do an order.
///
/// @param id the id of their user in auth
/// @param active whether they still work for us as a technician
record Technician(UUID id, String name, boolean active) {}
