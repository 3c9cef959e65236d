/// `./microflow chaos`: breaks the running system, again and again, and looks afterwards whether
/// anything was lost or happened twice.
package com.telconova.local.chaos;
