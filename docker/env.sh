#!/usr/bin/env bash
# Makes docker/.env, with a new secret for everything that docker/compose.yaml needs one for. One that
# is there stays as it is: the databases in the volumes know its passwords.
set -eu
umask 077
file="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)/.env"
[ ! -e "$file" ] || exit 0

# secret BYTES: as hexadecimal digits
secret() {
  od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'
}

{
  echo "# Made by docker/env.sh for this checkout alone. Without it the volumes cannot be opened."
  for name in POSTGRES AUTH_DATABASE WORKORDER_DATABASE TRACKING_DATABASE \
    GRAFANA_ADMIN ADMIN SUPERVISOR TECHNICIAN CLIENT; do
    echo "${name}_PASSWORD=$(secret 16)"
  done
  echo "ADMIN_EMAIL=admin@telconova.example"
  echo "AUTH_MASTER_KEY=$(head -c 32 /dev/urandom | base64)"
} >"$file.new"
mv "$file.new" "$file"
echo "made docker/.env, with new secrets; your administrator is in it" >&2
