/// Starts everything on one machine and stops it again, whatever happens in between. [Workbench]
/// reads from top to bottom what the system consists of.
package com.telconova.local.workbench;
