/// Passwords: which are good enough, and how they are kept (Argon2id), a bounded number at a time.
package com.telconova.auth.password;
