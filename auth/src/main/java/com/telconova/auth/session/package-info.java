/// Sessions: logging in, and the tokens that speak for whoever did.
///
/// A session is a family of refresh tokens, each the successor of the one before. Who presents one
/// that was already exchanged holds a copy: the family ends.
package com.telconova.auth.session;
