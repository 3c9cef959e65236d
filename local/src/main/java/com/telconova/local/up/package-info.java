/// `./microflow up`: the system stays until Ctrl-C, for people to try and for scripts to use.
package com.telconova.local.up;
