/// Asking another of our services by REST: bounded, once more, and not when it is known to be down.
package com.telconova.shared.rest;
