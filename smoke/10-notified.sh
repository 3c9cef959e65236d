#!/usr/bin/env bash
# The client was told of each step: tracking says by which channel and whether it worked, and the
# mail really lies in the mailbox (IMAP, at a mail server that keeps everything).
. "$(dirname "$0")/common.sh"
client=$(token client)
client_id=$(kept id-client)
code=$(kept code)

tries=0
until expect 200 curl "$gateway/notifications/$client_id?limit=100" \
  -H "Authorization: Bearer $client" && grep -q "$code" "$answer" &&
  ! grep -q '"PENDING"' "$answer"; do
  tries=$((tries + 1))
  [ $tries -lt 80 ] || fail "notifications about $code are still missing or PENDING after 20 s"
  sleep 0.2
done
is items.0.status SENT
count=$(field items.length)

imap=$(setting imap.address)
email=$(setting credentials.client.email)
curl --silent --noproxy '*' --max-time 15 --user "$email:any" "imap://$imap/INBOX" \
  --request "SEARCH SUBJECT $code" | grep -q 'SEARCH [0-9]' || fail "no mail about $code has arrived"

say "$count notifications so far, and mail about $code in the client's mailbox"
