/// What recordings say, counted: everything here is bounded in memory, whatever the number of
/// events.
package com.telconova.local.report.figures;
