/// Who receives what the services tell people, and keeps it: nothing leaves the machine.
package com.telconova.local.mail;
