#!/usr/bin/env bash
# The supervisor looks for work that nobody does yet: newest first, a page at a time. Lists take
# filters and a cursor; a single order comes with an ETag, for who wants to change what they saw.
. "$(dirname "$0")/common.sh"
supervisor=$(token supervisor)
order=$(kept order)

expect 200 curl "$gateway/orders?status=CREATED&limit=1" -H "Authorization: Bearer $supervisor"
is items.0.id "$order"

expect 200 curl "$gateway/orders/$order" -H "Authorization: Bearer $supervisor" \
  --dump-header "$memory/head"
grep -qi '^etag:' "$memory/head" || fail "the order came without an ETag"

say "the supervisor finds it among the orders that wait"
