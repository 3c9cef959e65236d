/// Access tokens: who calls, in which role, and whether that session still counts.
package com.telconova.shared.token;
