/// Accounts: who there is, in which role, and how to reach them.
package com.telconova.auth.account;
