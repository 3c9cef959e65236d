#!/usr/bin/env bash
# Somebody forgets the password. auth asks tracking, by REST and as a service, to mail a code, so that
# no secret travels on the bus; the code, read from the mailbox, sets a new password, once.
. "$(dirname "$0")/common.sh"
email="smoke-$(date +%s)-$$@telconova.example"
old="first $RANDOM words $RANDOM"
new="other $RANDOM words $RANDOM"

expect 201 curl "$gateway/auth/register" -H "$json" \
  -d "{\"email\": \"$email\", \"password\": \"$old\", \"name\": \"Olvido Paz\", \"locale\": \"en\"}"
expect 202 curl "$gateway/auth/password/forgot" -H "$json" -d "{\"email\": \"$email\"}"

# The code stands alone on its line, in the mail's plain text.
imap=$(setting imap.address)
code='' tries=0
until [ -n "$code" ]; do
  tries=$((tries + 1))
  [ $tries -lt 80 ] || fail "no mail with a code after 20 s"
  sleep 0.2
  code=$(curl --silent --noproxy '*' --max-time 15 --user "$email:any" \
    "imap://$imap/INBOX;MAILINDEX=1;SECTION=1" | tr -d '\r' | grep -xE '[A-Za-z0-9_-]{20,}' || true)
done

reset="{\"token\": \"$code\", \"newPassword\": \"$new\"}"
expect 204 curl "$gateway/auth/password/reset" -H "$json" -d "$reset"
expect 422 curl "$gateway/auth/password/reset" -H "$json" -d "$reset"
expect 401 curl "$gateway/auth/login" -H "$json" -d "{\"email\": \"$email\", \"password\": \"$old\"}"
expect 200 curl "$gateway/auth/login" -H "$json" -d "{\"email\": \"$email\", \"password\": \"$new\"}"

say "a forgotten password was reset with the code from the mail, which counts once"
