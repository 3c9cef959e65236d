/// What the orders look like together: figures for people who steer, rows for people with
/// spreadsheets.
package com.telconova.workorder.report;
