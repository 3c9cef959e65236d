/// What happened to an order, proven, and told to everybody concerned.
package com.telconova.tracking;
