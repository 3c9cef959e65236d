#!/usr/bin/env bash
# Prints the images of COMMIT, by digest, as {"auth": "REGISTRY/microflow/auth@sha256:…", …}, once it
# has seen for each of them that the workflow main.yml, on main, signed it, its SBOM and its
# provenance. Needs aws, cosign, gh and a login to REGISTRY; what it finds goes to stderr.
set -euo pipefail

identity="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/.github/workflows/main.yml@refs/heads/main"
signer=(
  --certificate-identity "$identity"
  --certificate-oidc-issuer https://token.actions.githubusercontent.com
)
images='{}'
for service in auth workorder tracking sql; do
  digest=$(aws ecr describe-images --repository-name "microflow/$service" \
    --image-ids "imageTag=$COMMIT" --query 'imageDetails[0].imageDigest' --output text)
  image="$REGISTRY/microflow/$service@$digest"
  {
    cosign verify "${signer[@]}" --certificate-github-workflow-sha "$COMMIT" "$image" >/dev/null
    cosign verify-attestation "${signer[@]}" --type cyclonedx "$image" >/dev/null
    gh attestation verify "oci://$image" --repo "$GITHUB_REPOSITORY" \
      --cert-identity "$identity" --source-digest "$COMMIT" --deny-self-hosted-runners
  } >&2
  images=$(jq --arg service "$service" --arg image "$image" '.[$service] = $image' <<<"$images")
done
echo "$images"
