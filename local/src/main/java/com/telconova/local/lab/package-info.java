/// The laboratory of operating systems behind `./microflow lab`: each experiment takes one concept,
/// runs it on this machine, mostly on our own processes, and says what it measured.
package com.telconova.local.lab;
