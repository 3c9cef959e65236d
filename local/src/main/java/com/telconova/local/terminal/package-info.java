/// What a person sees: short lines, clean columns, colour only where there is a terminal.
package com.telconova.local.terminal;
