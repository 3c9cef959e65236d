#!/usr/bin/env bash
# The technician uploads a photo of the repair. What it is, is decided by its bytes, not by its name;
# it is stored in S3 under a generated name, with its SHA-256.
. "$(dirname "$0")/common.sh"
technician=$(token technician)
order=$(kept order)
photo="$root/local/src/main/resources/com/telconova/local/demo/repaired.jpg"

expect 201 curl "$gateway/tracking/$order/evidence" -H "Authorization: Bearer $technician" \
  -F kind=AFTER -F "file=@\"$photo\""
is kind AFTER

expect 200 curl "$gateway/tracking/$order/evidence" -H "Authorization: Bearer $technician"
is items.length 1

say "a photo proves the repair"
