/// `./microflow bench`: the budgets, each measured on this machine beside what bounds it, in one
/// run, and the page that says what came of it.
package com.telconova.local.bench;
