/// One way to read and write JSON: camelCase, RFC 3339 UTC times, absent rather than null.
package com.telconova.shared.json;
