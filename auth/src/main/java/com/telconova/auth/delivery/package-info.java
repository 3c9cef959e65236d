/// Whether mail reaches an account's address, as tracking tells.
package com.telconova.auth.delivery;
