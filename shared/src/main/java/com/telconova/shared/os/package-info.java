/// What the process costs the operating system, from `/proc/self`, its cgroup and the JVM.
package com.telconova.shared.os;
