#!/usr/bin/env bash
# The client follows the order live, by Server-Sent Events. Whoever comes back says what came last, and
# gets the rest at once: here everything after the first entry.
. "$(dirname "$0")/common.sh"
client=$(token client)
order=$(kept order)

expect 200 curl "$gateway/tracking/$order?limit=100" -H "Authorization: Bearer $client"
count=$(field items.length)

# A stream has no end of its own: two seconds are enough to see what was missed. The chain's first
# entry is the order's creation, of which the timeline knows the id.
first=$(field items.0.id)
curl --silent --noproxy '*' --no-buffer --max-time 2 "$gateway/tracking/$order/stream" \
  ${api_key:+--header "x-api-key: $api_key"} -H "Authorization: Bearer $client" -H "Last-Event-ID: $first" >"$answer" || true
grep -q '^event: order.completed' "$answer" || fail "the stream did not tell of order.completed"
grep -q '^data: {' "$answer" || fail "the stream has events without data"

say "a stream resumes: $(grep -c '^event: ' "$answer") of $count entries came after the first"
