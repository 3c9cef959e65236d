#!/usr/bin/env bash
# The technician starts to work and tells tracking. Tracking publishes it (outbox, SNS), workorder
# hears it (SQS, inbox) and moves the order: a moment later it is IN_PROGRESS.
. "$(dirname "$0")/common.sh"
technician=$(token technician)
client=$(token client)
order=$(kept order)

expect 201 curl "$gateway/tracking/$order/update" -H "Authorization: Bearer $technician" \
  -H "$json" -d '{"kind": "WORK_STARTED", "comment": "At the door"}'

eventually status IN_PROGRESS curl "$gateway/orders/$order" -H "Authorization: Bearer $client"

say "the technician has begun; an event made the order IN_PROGRESS"
