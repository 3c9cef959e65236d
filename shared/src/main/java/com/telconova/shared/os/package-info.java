/// What the process costs the operating system, from `/proc/self` and the JVM.
package com.telconova.shared.os;
