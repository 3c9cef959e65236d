/// `./microflow record`: what the processes of a running `up` do, as recordings.
package com.telconova.local.record;
