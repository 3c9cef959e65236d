/// What the technician in the field, or a supervisor, reports of an order.
package com.telconova.tracking.update;
