/// Where on earth something is, and how far it is from elsewhere.
package com.telconova.workorder.place;
