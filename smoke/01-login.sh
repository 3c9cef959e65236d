#!/usr/bin/env bash
# Four people log in, one of each role: an e-mail address and a password become an access token,
# which every further request carries. It lives for five minutes.
. "$(dirname "$0")/common.sh"

for who in admin supervisor technician client; do
  email=$(setting credentials.$who.email)
  password=$(setting credentials.$who.password)

  expect 200 curl "$gateway/auth/login" -H "$json" \
    -d "{\"email\": \"$email\", \"password\": \"$password\"}"

  keep token-$who accessToken
  keep id-$who user.id
done
say "admin, supervisor, technician and client have logged in"
