/// How long an order may take: business time, targets by priority, and where an order stands.
///
/// Pure: everything here is a function of what it is given. The `order` feature stores what comes
/// out and tells of it.
package com.telconova.workorder.sla;
