/// Work orders: what is asked for, in which state it is, and every change of it.
///
/// The way through: [OrderRoutes] reads a request, [Orders] loads, decides and saves, [OrderState]
/// knows the rules and nothing else.
package com.telconova.workorder.order;
