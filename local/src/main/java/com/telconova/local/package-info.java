/// The one-machine workbench behind `./microflow`: it starts PostgreSQL, the queues, a mail server,
/// the gateway and the three services as real processes, and stops them again. [Main] reads the
/// command line; [com.telconova.local.workbench] starts and stops; `demo` and `up` are what people
/// run.
package com.telconova.local;
