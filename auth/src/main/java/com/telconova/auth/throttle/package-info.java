/// How often somebody may fail: what guessing passwords and codes costs, counted in the database
/// for all instances together.
package com.telconova.auth.throttle;
