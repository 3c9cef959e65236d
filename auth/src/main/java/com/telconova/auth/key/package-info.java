/// The keys that sign access tokens: made here, encrypted in the database, published as a JWK set.
package com.telconova.auth.key;
