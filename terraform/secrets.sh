#!/usr/bin/env bash
# Gives an environment's secrets their values: made up here and told to nobody, or yours from the
# standard input. Terraform makes the secrets and never sees a value.
#
#   terraform/secrets.sh dev                          makes up what can be made up and has no value yet
#   terraform/secrets.sh dev --check                  names what has no value; exit code 1 if anything
#   terraform/secrets.sh dev tracking/smtp-url <file  sets one
#
# Environment: AWS_REGION. Needs aws and openssl.
set -euo pipefail

fail() {
  echo "secrets: $*" >&2
  exit 1
}

[ $# -ge 1 ] || fail "usage: terraform/secrets.sh ENVIRONMENT [--check | NAME <file]"
[ -n "${AWS_REGION:-}" ] || fail "set AWS_REGION"
prefix=microflow-$1
made=(auth/database-password workorder/database-password tracking/database-password
  auth/master-key auth/first-admin-password grafana/admin-password)
yours=(tracking/smtp-url)

has_value() {
  local stages
  # shellcheck disable=SC2016 # `{}` is JMESPath
  stages=$(aws secretsmanager describe-secret --secret-id "$prefix/$1" \
    --query 'length(keys(VersionIdsToStages || `{}`))' --output text) ||
    fail "there is no secret $prefix/$1: apply Terraform first, as terraform/deploy.sh does"
  [ "$stages" != 0 ]
}

# The value goes by the standard input: arguments can be seen by others on this machine.
put() {
  aws secretsmanager put-secret-value --secret-id "$prefix/$1" --secret-string file:///dev/stdin \
    --query VersionId --output text >/dev/null
}

case ${2:-} in
  --check)
    missing=()
    for name in "${made[@]}" "${yours[@]}"; do
      has_value "$name" || missing+=("$name")
    done
    [ ${#missing[@]} -eq 0 ] || fail "without a value: ${missing[*]}. See docs/deploy.md, secrets."
    ;;
  '')
    for name in "${made[@]}"; do
      if has_value "$name"; then
        echo "$prefix/$name has a value"
      else
        openssl rand -base64 32 | tr -d '\n' | put "$name"
        echo "$prefix/$name was made up"
      fi
    done
    for name in "${yours[@]}"; do
      has_value "$name" || echo "$prefix/$name is yours to set: terraform/secrets.sh $1 $name <file"
    done
    ;;
  *)
    [ ! -t 0 ] || fail "the value comes from the standard input"
    put "$2"
    echo "$prefix/$2 was set"
    ;;
esac
