/// The private port of each process: health and metrics.
package com.telconova.shared.admin;
