/// Load on a running system: one thread that sends requests as they are due or as they are
/// answered, and what each cost, in time to whoever waits and in resources to each process.
package com.telconova.local.load;
