/// A report as a document of facts, tables and charts, and two that write it: one as a page of
/// HTML, one as plain text.
package com.telconova.local.report.page;
