/// The API's documents, and the page on which people read them and try them out.
package com.telconova.shared.docs;
