/// Who takes part in an order: known from events, and asked of workorder where no event has come
/// yet.
package com.telconova.tracking.participant;
