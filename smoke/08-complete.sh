#!/usr/bin/env bash
# The technician signs off, with what was wrong and how long it took. Again an event moves the order.
. "$(dirname "$0")/common.sh"
technician=$(token technician)
client=$(token client)
order=$(kept order)

expect 201 curl "$gateway/tracking/$order/update" -H "Authorization: Bearer $technician" \
  -H "$json" -d '{
    "kind": "WORK_COMPLETED", "minutes": 35,
    "comment": "Signal is back, customer has signed",
    "resolution": {"code": "CONNECTOR_REPLACED", "outcome": "RESOLVED", "comment": "-18 dBm"}}'

eventually status COMPLETED curl "$gateway/orders/$order" -H "Authorization: Bearer $client"

say "the technician has signed off; an event made the order COMPLETED"
