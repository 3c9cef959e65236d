/// Timelines as they grow: Server-Sent Events of one order and of all, without gap or double.
package com.telconova.tracking.live;
