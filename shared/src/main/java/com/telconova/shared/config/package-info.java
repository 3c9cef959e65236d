/// Settings from the environment, read once into records, with every fault reported at once.
package com.telconova.shared.config;
