/// All open orders at once: who does which, so that the whole is best.
///
/// [Dispatcher] is the pure part; [Dispatches] collects what is known and carries out the plan.
package com.telconova.workorder.dispatch;
