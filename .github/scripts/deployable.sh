#!/usr/bin/env bash
# Whether COMMIT may go to ENVIRONMENT: a whole SHA, of main, and unless a person asks (BY_HAND=true)
# not older than what is deployed there, for approvals may come in any order. In a clone with all of
# main's history; needs gh with a GH_TOKEN that reads deployments.
set -euo pipefail

refuse() {
  echo "::error::$*"
  exit 1
}

[[ $COMMIT =~ ^[0-9a-f]{40}$ ]] || refuse "the commit must be a whole SHA"
git merge-base --is-ancestor "$COMMIT" origin/main || refuse "$COMMIT is not a commit of main"
[ "$BY_HAND" != true ] || exit 0

# Newest first. One that succeeded and was replaced since is called inactive.
deployed=
while read -r id sha; do
  state=$(gh api "repos/$GITHUB_REPOSITORY/deployments/$id/statuses?per_page=1" --jq '.[0].state // "none"')
  if [ "$state" = success ]; then
    deployed=$sha
    break
  fi
done < <(gh api "repos/$GITHUB_REPOSITORY/deployments?environment=$ENVIRONMENT&per_page=30" \
  --jq '.[] | "\(.id) \(.sha)"')

if [ -z "$deployed" ]; then
  echo "No deployment to $ENVIRONMENT succeeded before."
elif git merge-base --is-ancestor "$deployed" "$COMMIT"; then
  echo "$ENVIRONMENT has $deployed, which $COMMIT contains."
else
  refuse "$ENVIRONMENT has $deployed, which $COMMIT does not contain: start Deploy by hand to go back"
fi
