/// The one-shot process that brings the database to the version the services need, and ends.
package com.telconova.sql;
