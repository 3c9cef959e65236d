/// A whole company's orders and technicians, made up: for measuring at size, and for `./microflow
/// seed`. The same plan makes the same rows.
package com.telconova.workorder.seed;
