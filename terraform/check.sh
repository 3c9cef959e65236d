#!/usr/bin/env bash
# Checks all Terraform of this folder, as CI does: format, validity, tests. Nothing reaches AWS.
#
#   terraform/check.sh                        everything
#   terraform/check.sh modules/service        one folder of it, or several
#   TERRAFORM=another-command terraform/check.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
terraform=${TERRAFORM:-terraform}
faults=0

fault() {
  echo "check: $*" >&2
  faults=$((faults + 1))
}

quietly() { # says what a command printed only if it failed
  local output
  output=$("$@" 2>&1) || { printf '%s\n' "$output" >&2; return 1; }
}

"$terraform" -chdir=. fmt -check -recursive || fault "not formatted: terraform fmt -recursive terraform"

for file in main.tf variables.tf outputs.tf; do
  cmp -s "environments/dev/$file" "environments/prod/$file" ||
    fault "environments/dev/$file and environments/prod/$file differ: what differs belongs into the .tfvars"
done

if [ $# -gt 0 ]; then
  folders=("$@")
else
  folders=(bootstrap modules/* environments/*)
fi

for folder in "${folders[@]}"; do
  folder=${folder%/}
  [ -f "$folder/outputs.tf" ] || { fault "$folder is no folder of Terraform"; continue; }
  arguments=()
  case $folder in
    environments/*) arguments+=("-var-file=${folder##*/}.tfvars") ;;
  esac
  printf '%-24s' "$folder"
  if quietly "$terraform" -chdir="$folder" init -backend=false -input=false &&
    quietly "$terraform" -chdir="$folder" validate &&
    quietly "$terraform" -chdir="$folder" test "${arguments[@]}"; then
    echo ok
  else
    echo failed
    fault "$folder"
  fi
done

[ "$faults" -eq 0 ]
