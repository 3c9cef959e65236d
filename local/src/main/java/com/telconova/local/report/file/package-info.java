/// Recordings as files: which part of one can be read, and its events, one after the other.
package com.telconova.local.report.file;
