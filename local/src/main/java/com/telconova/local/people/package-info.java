/// The four people of `demo` and `up`, one of each role, and how they get their accounts.
package com.telconova.local.people;
