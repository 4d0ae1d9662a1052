#!/usr/bin/env bash
# Builds the agents' image in the registry itself (no Docker needed here).
#
#   infra/buildImage.sh <registry name> <repository:tag>
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=infra/lib/common.sh
source infra/lib/common.sh
[[ $# -eq 2 ]] || fail 'infra/buildImage.sh <registry name> <repository:tag>'
[[ "$2" != *@* ]] || { echo "$2 is a digest: that image exists already."; exit 0; }

npm run build >&2
# Only what the image holds is sent: the registry does not read agent/Dockerfile.dockerignore.
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
mkdir -p "$context/agent/dist" "$context/scenarios"
cp agent/Dockerfile agent/package.json "$context/agent/"
cp agent/dist/haymaker-agent.mjs "$context/agent/dist/"
cp scenarios/*.md "$context/scenarios/"
rm -f "$context/scenarios/README.md"
az acr build --registry "$1" --image "$2" --file agent/Dockerfile "$context"
