/// The mail server that receives what the services send and keeps it: nothing leaves the machine.
package com.telconova.local.mail;
