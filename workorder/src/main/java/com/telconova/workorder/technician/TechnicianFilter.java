package com.telconova.workorder.technician;

import java.util.UUID;

/// Which technicians to list; a null field does not filter.
///
/// @param id this one only
/// @param available whether they can be sent now: active, available and on shift
/// @param zone who works there, which includes those who work anywhere
/// @param skill who has a skill of this name that counts today
record TechnicianFilter(UUID id, Boolean available, String zone, String skill) {}
