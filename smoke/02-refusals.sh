#!/usr/bin/env bash
# What is refused, and how: as problem details (RFC 9457) with a status that tells whose fault it is.
# Nobody enters without a token (401), a client sees no accounts (403), and a body with faults is
# answered with all of them at once (422).
. "$(dirname "$0")/common.sh"
client=$(token client)

expect 401 curl "$gateway/orders"
is status 401

expect 403 curl "$gateway/users" -H "Authorization: Bearer $client"
is status 403

expect 422 curl "$gateway/orders" -H "Authorization: Bearer $client" -H "$json" \
  -d '{"title": "", "priority": "P9"}'
faults=$(field errors.length)

say "no token 401, the wrong role 403, a body with $faults faults 422"
