#!/usr/bin/env bash
# The technician uploads a photo of the repair. What it is, is decided by its bytes, not by its name;
# it is stored in S3 under a generated name, with its SHA-256. Whoever takes part can have it back,
# whole or in part.
. "$(dirname "$0")/common.sh"
technician=$(token technician)
client=$(token client)
order=$(kept order)
photo="$root/local/src/main/resources/com/telconova/local/demo/repaired.jpg"

expect 201 curl "$gateway/tracking/$order/evidence" -H "Authorization: Bearer $technician" \
  -F kind=AFTER -F "file=@\"$photo\""
is kind AFTER
file=$(field id)

expect 200 curl "$gateway/tracking/$order/evidence" -H "Authorization: Bearer $technician"
is items.length 1

expect 200 curl "$gateway/evidence/$file" -H "Authorization: Bearer $client"
cmp -s "$photo" "$answer" || fail "the photo that came back is another"
expect 206 curl "$gateway/evidence/$file" -H "Authorization: Bearer $client" -r 0-99
[ "$(wc -c <"$answer")" -eq 100 ] || fail "a part of 100 bytes has others"

say "a photo proves the repair"
