/// Whom to tell and how to reach them: what auth's events say of its users.
package com.telconova.tracking.recipient;
