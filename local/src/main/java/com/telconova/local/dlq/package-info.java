/// `./microflow dlq`: what could not be handled, and another chance for it.
package com.telconova.local.dlq;
