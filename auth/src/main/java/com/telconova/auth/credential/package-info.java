/// Changing a password, and getting a new one when it is forgotten.
///
/// Who forgot it asks; a mail with a link in it goes out, now or when tracking is back; whoever has
/// the mail sets a new password. The token in the link is nowhere but in that mail: it follows from
/// the master key and from what is known of the request, so that a repeated mail carries the same
/// one, and the database has only its hash.
package com.telconova.auth.credential;
