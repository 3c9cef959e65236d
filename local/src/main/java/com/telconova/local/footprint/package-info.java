/// What a process costs the operating system, as the operating system tells it.
package com.telconova.local.footprint;
