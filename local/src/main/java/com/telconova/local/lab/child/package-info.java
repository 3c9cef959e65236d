/// The small programs that experiments run as processes of their own, where a concept wants to be
/// alone. Each is told what to do by arguments and lines on its standard input, and answers in
/// lines on its standard output; when its input ends, so does it.
package com.telconova.local.lab.child;
