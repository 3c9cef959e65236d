/// The system's REST API as a client sees it: through the gateway, knowing nothing of what is
/// behind it.
package com.telconova.local.api;
