/// Starting and stopping: who opens, closes; every wait is bounded.
package com.telconova.shared.lifecycle;
