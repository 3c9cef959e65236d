/// `./microflow seed`: a year of made-up orders beside a running `up`.
package com.telconova.local.seed;
