/// Who can be sent: what workorder knows of auth's technicians.
package com.telconova.workorder.technician;
