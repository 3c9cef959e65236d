/// The ways by which messages leave: each takes one and says how it went.
package com.telconova.tracking.notification.carrier;
