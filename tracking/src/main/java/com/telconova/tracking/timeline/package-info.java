/// What happened to each order, in one chain that shows when somebody tampers with it.
package com.telconova.tracking.timeline;
