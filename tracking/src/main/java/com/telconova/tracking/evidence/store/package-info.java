/// Where the bytes of evidence are kept: in S3 or in a directory, alike in all that matters.
package com.telconova.tracking.evidence.store;
