/// AWS clients on one small HTTP client.
package com.telconova.shared.aws;
