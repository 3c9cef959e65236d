/// The event path: outbox → relay → SNS → SQS → consumer → inbox. Nothing lost, nothing twice.
package com.telconova.shared.event;
