/// Photographs and documents that prove what was done: taken in a stream, looked at, kept.
package com.telconova.tracking.evidence;
