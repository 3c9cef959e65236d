/// What the process writes to its standard output.
package com.telconova.shared.log;
