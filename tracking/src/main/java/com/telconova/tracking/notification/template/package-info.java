/// The words of each message, in each language.
package com.telconova.tracking.notification.template;
