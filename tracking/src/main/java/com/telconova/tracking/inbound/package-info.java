/// What each event of the other services does here.
package com.telconova.tracking.inbound;
