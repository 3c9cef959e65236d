/// The one door from outside: it sends each request to the service that owns its path. On AWS the
/// API Gateway does this.
package com.telconova.local.gateway;
