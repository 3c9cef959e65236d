#!/usr/bin/env bash
# Brings an environment to this checkout's Terraform and to the images of a file: migrates the database,
# replaces the services, waits until they are stable, and looks whether the API answers. If anything
# fails after it began, the former images come back, and the exit code is 1.
#
#   terraform/deploy.sh dev images.json
#
# images.json: {"auth": "…/microflow/auth@sha256:…", "workorder": …, "tracking": …, "sql": …}
# Environment: AWS_REGION; credentials as the AWS CLI finds them.
# Needs terraform, aws (version 2), jq and curl.
#
# What it cannot take back are migrations: they must leave the database usable for the former services.
set -euo pipefail

# How long each may take, in seconds, and how often it is looked at. Tests shorten them.
migration_limit=${DEPLOY_MIGRATION_LIMIT:-600}
stable_limit=${DEPLOY_STABLE_LIMIT:-1200}
smoke_limit=${DEPLOY_SMOKE_LIMIT:-120}
interval=${DEPLOY_INTERVAL:-10}

step() {
  printf '%s  %s\n' "$(date -u +%H:%M:%S)" "$*"
}

complain() {
  printf '%s  FAILED: %s\n' "$(date -u +%H:%M:%S)" "$*" >&2
}

fail() {
  complain "$*"
  exit 1
}

[ $# -eq 2 ] || fail "usage: terraform/deploy.sh dev|prod images.json"
environment=$1
images=$(jq -ce 'select(type == "object") | {auth, workorder, tracking, sql}
  | select(all(.[]; type == "string" and length > 0))' "$2") || images=
[ -n "$images" ] || fail "$2 must name the images of auth, workorder, tracking and sql"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
folder=$here/environments/$environment
[ -f "$folder/$environment.tfvars" ] || fail "there is no environment $environment"
[ -n "${AWS_REGION:-}" ] || fail "set AWS_REGION"
for program in terraform aws jq curl; do
  command -v "$program" >/dev/null || fail "$program is not installed"
done
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# --- Terraform ---

tf() {
  terraform -chdir="$folder" "$@"
}

# apply IMAGES STARTED
apply() {
  jq -n --argjson images "$1" --argjson started "$2" '{images: $images, started: $started}' >"$work/images.tfvars.json" || return 1
  tf apply -input=false -auto-approve -lock-timeout=5m \
    -var-file="$environment.tfvars" -var="region=$AWS_REGION" -var-file="$work/images.tfvars.json"
}

# output NAME [FILTER]: of the last apply
output() {
  tf output -json "$1" | jq -re "${2:-.}"
}

# --- the steps ---

migrate() {
  local cluster definition subnets groups task deadline status code
  cluster=$(output cluster_name) && definition=$(output migration_task_definition) &&
    subnets=$(output migration_subnets 'join(",")') &&
    groups=$(output migration_security_groups 'join(",")') || return 1

  task=$(aws ecs run-task --cluster "$cluster" --task-definition "$definition" --started-by deploy \
    --network-configuration "awsvpcConfiguration={subnets=[$subnets],securityGroups=[$groups],assignPublicIp=DISABLED}" \
    --output json | jq -re '.tasks[0].taskArn') || {
    complain "ECS started no task for the migrations: is there a machine for it?"
    return 1
  }

  deadline=$((SECONDS + migration_limit))
  while :; do
    aws ecs describe-tasks --cluster "$cluster" --tasks "$task" --output json >"$work/task" || return 1
    status=$(jq -r '.tasks[0].lastStatus' "$work/task")
    [ "$status" != STOPPED ] || break
    if [ $SECONDS -ge $deadline ]; then
      complain "the migrations were not done after $migration_limit s; they go on as ${task##*/}"
      return 1
    fi
    sleep "$interval"
  done

  code=$(jq -r '.tasks[0].containers[0].exitCode // "none"' "$work/task")
  aws logs get-log-events --log-group-name "$(output migration_log_group)" \
    --log-stream-name "migrations/migrations/${task##*/}" --limit 20 --query 'events[].message' --output text |
    tr '\t' '\n' | sed 's/^/          /' || true
  if [ "$code" != 0 ]; then
    complain "the migrations ended with $code: $(jq -r '.tasks[0] | .containers[0].reason // .stoppedReason // "no reason given"' "$work/task")"
    return 1
  fi
}

# Stable is not enough: so is a service whose circuit breaker took it back to what was there before.
wait_stable() {
  local cluster wanted deadline states
  cluster=$(output cluster_name) && wanted=$(tf output -json task_definition_arns) || return 1
  deadline=$((SECONDS + stable_limit))
  while :; do
    # shellcheck disable=SC2046 # names without spaces
    aws ecs describe-services --cluster "$cluster" --services $(output service_names 'to_entries[].value') \
      --output json >"$work/services" || return 1
    states=$(jq -r --argjson wanted "$wanted" '.services[] | .serviceName as $name
      | (.deployments[] | select(.status == "PRIMARY")) as $primary
      | $name + " " + (
        if $primary.taskDefinition != $wanted[$name] then "taken-back"
        elif $primary.rolloutState == "FAILED" then "failed"
        elif $primary.rolloutState == "COMPLETED" and (.deployments | length) == 1 then "stable"
        else "waiting:\($primary.runningCount)/\($primary.desiredCount)" end)' "$work/services") || return 1
    if grep -qE ' (taken-back|failed)$' <<<"$states"; then
      complain "ECS took a deployment back: ${states//$'\n'/, }"
      jq -r '.services[] | .serviceName as $name | .events[:3][] | "          \($name): \(.message)"' "$work/services" >&2 || true
      return 1
    fi
    if [ "$(grep -c ' stable$' <<<"$states")" -eq "$(jq 'length' <<<"$wanted")" ]; then
      return 0
    fi
    if [ $SECONDS -ge $deadline ]; then
      complain "not stable after $stable_limit s: ${states//$'\n'/, }"
      return 1
    fi
    sleep "$interval"
  done
}

# answers STATUS curl's arguments…; asks again for a while: a new stage of API Gateway takes some seconds.
answers() {
  local wanted=$1 status='' deadline=$((SECONDS + smoke_limit))
  shift
  while :; do
    status=$(curl --silent --max-time 15 --output "$work/answer" --write-out '%{http_code}' "$@") || status=none
    [ "$status" != "$wanted" ] || return 0
    if [ $SECONDS -ge $deadline ]; then
      complain "${!#} answered $status instead of $wanted: $(head -c 200 "$work/answer" 2>/dev/null | tr '\n' ' ')"
      return 1
    fi
    sleep "$interval"
  done
}

# Through the gateway, as a client; by each service at least once. With an account (the secret "smoke")
# also through each service's database.
smoke() {
  local url prefix key nobody=00000000-0000-7000-8000-000000000000 id
  url=$(output api_url) && prefix=$(output secrets_prefix) && key=$(output api_keys .smoke) || return 1
  printf 'x-api-key: %s\n' "$key" >"$work/headers"

  answers 200 "$url/.well-known/jwks.json" && jq -e '.keys | length > 0' "$work/answer" >/dev/null || return 1
  answers 403 "$url/orders?limit=1" || return 1
  answers 401 --header @"$work/headers" "$url/orders?limit=1" || return 1
  answers 401 --header @"$work/headers" "$url/notifications/$nobody" || return 1

  if ! aws secretsmanager get-secret-value --secret-id "$prefix/smoke" --query SecretString --output text \
    >"$work/account" 2>/dev/null; then
    step "no account for the smoke test (secret $prefix/smoke): nobody logged in"
    return 0
  fi
  jq -ce '{email, password}' "$work/account" >"$work/login" || return 1
  answers 200 --header @"$work/headers" --header 'Content-Type: application/json' --data @"$work/login" "$url/auth/login" || return 1
  jq -re '"Authorization: Bearer " + .accessToken' "$work/answer" >>"$work/headers" || return 1
  id=$(jq -re .user.id "$work/answer") || return 1
  answers 200 --header @"$work/headers" "$url/auth/profile" &&
    answers 200 --header @"$work/headers" "$url/orders?limit=1" &&
    answers 200 --header @"$work/headers" "$url/notifications/$id?limit=1"
}

# Only what began is taken back.
roll_back() {
  if [ "$former" = null ]; then
    fail "there is nothing to go back to; mend it and call this again"
  fi
  step "roll back to the former images"
  if apply "$former" true && wait_stable; then
    fail "the former images run again; the database keeps its migrations"
  fi
  fail "the former images do not run either: see docs/deploy.md, roll back"
}

# --- the deployment ---

step "find the state of $environment"
account=$(aws sts get-caller-identity --query Account --output text) || fail "AWS does not know us"
tf init -input=false -reconfigure -backend-config="bucket=microflow-terraform-$account" \
  -backend-config="key=$environment/terraform.tfstate" -backend-config="region=$AWS_REGION" >"$work/init" 2>&1 ||
  { cat "$work/init" >&2; fail "terraform init: was terraform/bootstrap applied in account $account?"; }
tf output -json >"$work/outputs" || fail "the state cannot be read"
former=$(jq -c 'if .started.value == true then .images.value else null end' "$work/outputs")

if [ "$former" = null ]; then
  step "everything but the services, for the first time"
  apply "$images" false || fail "terraform apply; mend it and call this again"
  "$here/secrets.sh" "$environment" --check || fail "give these secrets their values, and call this again"
else
  step "everything but the services' images"
  apply "$(jq -nc --argjson former "$former" --argjson images "$images" '$former + {sql: $images.sql}')" true || roll_back
fi

step "migrate the database"
migrate || roll_back

step "replace the services"
apply "$images" true || roll_back

step "wait until they are stable"
wait_stable || roll_back

step "ask the API"
smoke || roll_back

step "deployed to $environment: $(output api_url)"
