#!/usr/bin/env bash
# The steps of smoke/ against the containers of docker/compose.yaml. Before the first time it makes the
# accounts that `./microflow up` has, with the passwords of docker/.env.
set -eu
umask 077
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
run_json="$root/.microflow/compose.json"
answer="$root/.microflow/compose.answer"
mkdir -p "$root/.microflow"
trap 'rm -f "$answer"' EXIT

fail() {
  echo "smoke: $*" >&2
  exit 1
}

# setting NAME FALLBACK: from the environment, else from docker/.env, as docker compose has it
setting() {
  local value=${!1:-}
  [ -n "$value" ] || value=$(sed -n "s/^$1=//p" "$root/docker/.env")
  echo "${value:-$2}"
}

gateway="http://127.0.0.1:$(setting GATEWAY_PORT 8080)"
key=$(setting GATEWAY_API_KEY '')

# post PATH BODY: prints the status; a body may hold a password, which ps must not show
post() {
  printf '%s' "$2" | curl --silent --noproxy '*' --max-time 15 --output "$answer" --write-out '%{http_code}' \
    -H 'Content-Type: application/json' ${token:+-H "Authorization: Bearer $token"} ${key:+-H "x-api-key: $key"} \
    --data-binary @- "$gateway$1" || true
}

# person NAME EMAIL ROLE PATH: 409 says that it is there already
person() {
  local password status role=
  password=$(setting "${1}_PASSWORD" '')
  [ -z "$3" ] || role=", \"role\": \"$3\""
  status=$(post "$4" "{\"email\": \"$2\", \"password\": \"$password\", \"name\": \"Smoke $1\", \"timeZone\": \"America/Bogota\"$role}")
  case $status in
  201 | 409) ;;
  *) fail "could not make the account $2: $status $(head -c 300 "$answer")" ;;
  esac
}

admin=$(setting ADMIN_EMAIL '')
token=
tries=0
until status=$(post /auth/login "{\"email\": \"$admin\", \"password\": \"$(setting ADMIN_PASSWORD '')\"}") &&
  [ "$status" = 200 ]; do
  tries=$((tries + 1))
  [ $tries -lt 60 ] || fail "the administrator cannot log in at $gateway: $status; is ./microflow compose up running?"
  sleep 1
done
token=$(sed 's/.*"accessToken":"\([^"]*\)".*/\1/' "$answer")

person SUPERVISOR sergio@telconova.example SUPERVISOR /users
person TECHNICIAN teresa@telconova.example TECHNICIAN /users
token=
person CLIENT clara@home.example '' /auth/register

{
  echo "{\"gateway\": \"$gateway\","
  [ -z "$key" ] || echo " \"apiKey\": \"$key\","
  echo " \"imap\": {\"address\": \"127.0.0.1:$(setting IMAP_PORT 3143)\"},"
  echo " \"credentials\": {"
  echo "  \"admin\": {\"email\": \"$admin\", \"password\": \"$(setting ADMIN_PASSWORD '')\"},"
  echo "  \"supervisor\": {\"email\": \"sergio@telconova.example\", \"password\": \"$(setting SUPERVISOR_PASSWORD '')\"},"
  echo "  \"technician\": {\"email\": \"teresa@telconova.example\", \"password\": \"$(setting TECHNICIAN_PASSWORD '')\"},"
  echo "  \"client\": {\"email\": \"clara@home.example\", \"password\": \"$(setting CLIENT_PASSWORD '')\"}}}"
} >"$run_json"

count=0
for script in "$root"/smoke/[0-9]*.sh; do
  MICROFLOW_RUN_JSON=$run_json bash "$script" || exit 1
  count=$((count + 1))
done
echo "All $count steps answered as they must."
