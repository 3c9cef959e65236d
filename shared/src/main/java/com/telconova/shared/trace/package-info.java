/// W3C Trace Context: which chain of causes the work at hand belongs to.
package com.telconova.shared.trace;
