/// No more mail, by one click in the last one.
package com.telconova.tracking.unsubscribe;
