/// Requests that may be sent twice and take effect once.
package com.telconova.shared.idempotency;
