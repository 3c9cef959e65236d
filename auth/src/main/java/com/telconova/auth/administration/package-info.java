/// What an ADMIN does with other people's accounts.
package com.telconova.auth.administration;
