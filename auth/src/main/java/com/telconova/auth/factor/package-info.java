/// Second factors: one-time passwords by time, and recovery codes in their place.
package com.telconova.auth.factor;
