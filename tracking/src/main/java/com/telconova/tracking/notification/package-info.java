/// Telling people what happened: a durable queue in the database, sent from there.
package com.telconova.tracking.notification;
