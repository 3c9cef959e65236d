/// What must come true, and what is said when it does not.
package com.telconova.local.steps;
