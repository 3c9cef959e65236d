#!/usr/bin/env bash
# The client reads what happened: one timeline from all services, in order of time, each entry sealed
# with the hash of the one before it.
. "$(dirname "$0")/common.sh"
client=$(token client)
supervisor=$(token supervisor)
order=$(kept order)

# The last news may still be on its way.
for type in order.created technician.assigned tracking.work_started tracking.evidence_uploaded \
  tracking.work_completed order.completed; do
  tries=0
  until expect 200 curl "$gateway/tracking/$order?limit=100" -H "Authorization: Bearer $client" &&
    grep -q "\"$type\"" "$answer"; do
    tries=$((tries + 1))
    [ $tries -lt 80 ] || fail "the timeline has no $type after 20 s"
    sleep 0.2
  done
done
field items.0.hash >/dev/null
count=$(field items.length)

# Whether anybody changed a word of it since.
expect 200 curl "$gateway/tracking/$order/verify" -H "Authorization: Bearer $supervisor"
is valid true

say "the timeline tells it all in $count entries, and its chain holds"
