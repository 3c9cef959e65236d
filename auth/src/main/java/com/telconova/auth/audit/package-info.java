/// The audit trail: who did what to which account, when, and from where.
package com.telconova.auth.audit;
