/// E-mail by SMTP.
package com.telconova.tracking.notification.mail;
