#!/usr/bin/env bash
# Prints the images of COMMIT, by digest, as {"auth": "REGISTRY/microflow/auth@sha256:…", …}, once it
# has seen for each of them that the workflow main.yml, on main, signed it, its SBOM and its
# provenance. Needs aws, cosign, gh and a login to REGISTRY; what these say goes to stderr.
set -euo pipefail

identity="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/.github/workflows/main.yml@refs/heads/main"
signer=(
  --certificate-identity "$identity"
  --certificate-oidc-issuer https://token.actions.githubusercontent.com
  --certificate-github-workflow-sha "$COMMIT"
)
images=
for service in auth workorder tracking sql; do
  digest=$(aws ecr describe-images --repository-name "microflow/$service" \
    --image-ids "imageTag=$COMMIT" --query 'imageDetails[0].imageDigest' --output text)
  image="$REGISTRY/microflow/$service@$digest"
  {
    cosign verify "${signer[@]}" "$image" >/dev/null
    cosign verify-attestation "${signer[@]}" --type cyclonedx "$image" >/dev/null
    gh attestation verify "oci://$image" --repo "$GITHUB_REPOSITORY" \
      --cert-identity "$identity" --source-digest "$COMMIT" --deny-self-hosted-runners
  } >&2
  images+="${images:+, }\"$service\": \"$image\""
done
echo "{$images}"
