/// Orders from the call to the signed-off repair: their states, and who does them.
package com.telconova.workorder;
