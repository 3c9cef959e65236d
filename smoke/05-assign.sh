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

say "the supervisor has ASSIGNED it to the technician"
