/// What is shipped: each module with a Java that holds no more than it needs, and with what the JVM
/// learnt of it in a training run (JEP 483, JEP 514).
package com.telconova.local.image;
