/// What the workbench writes down for whoever looks for a cause.
package com.telconova.local.log;
