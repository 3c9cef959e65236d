#!/usr/bin/env bash
# The supervisor assigns the order. The technician was created a moment ago in auth: workorder knows
# them by an event, and asks auth if that has not arrived yet.
. "$(dirname "$0")/common.sh"
supervisor=$(token supervisor)
order=$(kept order)
technician_id=$(kept id-technician)

expect 200 curl "$gateway/orders/$order/assign" -H "Authorization: Bearer $supervisor" -H "$json" \
  -d "{\"technicianId\": \"$technician_id\"}"
is status ASSIGNED
is technicianId "$technician_id"

# Why this technician: what was known, what followed, and the same computed again now.
expect 200 curl "$gateway/orders/$order/decisions" -H "Authorization: Bearer $supervisor"
is items.0.technicianId "$technician_id"
decision=$(field items.0.id)
expect 200 curl "$gateway/decisions/$decision" -H "Authorization: Bearer $supervisor"
is replay.same true

# What is promised of it, and how that stands.
expect 200 curl "$gateway/orders/$order/sla" -H "Authorization: Bearer $supervisor"
is targets.0.target ASSIGN
is targets.0.met true

say "the supervisor has ASSIGNED it to the technician, in time; the decision is kept"
