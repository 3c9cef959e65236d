/// `./microflow demo`: one order from the call to the signed-off repair, by HTTP only, and then
/// what the system has to show for it.
package com.telconova.local.demo;
