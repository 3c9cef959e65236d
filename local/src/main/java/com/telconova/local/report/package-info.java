/// `./microflow report`: what recordings say of the processes that made them, for a person. [file]
/// reads them, [figures] counts, this package says what the figures mean, [page] writes it.
package com.telconova.local.report;
