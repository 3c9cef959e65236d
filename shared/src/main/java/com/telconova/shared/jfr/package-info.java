/// JDK Flight Recorder: a small recording that is always there, and others on demand. What our own
/// code tells a recording stands beside that code: each package has its event.
package com.telconova.shared.jfr;
