#!/usr/bin/env bash
# The client reports a dead line. The order gets a code for people and waits for a technician.
. "$(dirname "$0")/common.sh"
client=$(token client)

expect 201 curl "$gateway/orders" -H "Authorization: Bearer $client" -H "$json" -d '{
  "title": "No internet since this morning",
  "description": "The light of the modem is red; restarting it did not help.",
  "category": "REPAIR", "priority": "P3",
  "zone": "NORTH", "address": "Calle 93 # 11-26, Bogota",
  "estimatedMinutes": 15}'
is status CREATED
keep order id
keep code code

code=$(kept code)
say "$code is CREATED"
