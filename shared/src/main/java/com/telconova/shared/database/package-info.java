/// PostgreSQL: one pool with a gate in front, transactions, and what its errors mean.
package com.telconova.shared.database;
