/// The HTTP server with the settings of the house: limits, problem+json, roles, traces, metrics.
package com.telconova.shared.http;
