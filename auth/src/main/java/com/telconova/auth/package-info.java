/// Who somebody is, and which session speaks for them: accounts, passwords, sessions, signing keys.
package com.telconova.auth;
