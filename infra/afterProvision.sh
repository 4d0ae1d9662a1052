#!/usr/bin/env bash
# What azd does after the platform is there: the agents' image, and the Graph permission, which it asks for.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=infra/lib/common.sh
source infra/lib/common.sh

infra/buildImage.sh "$(deployed CONTAINER_REGISTRY_NAME)" "$(deployed CONTAINER_IMAGE)"
infra/grantGraph.sh --principal "$(deployed APP_PRINCIPAL_ID)" ||
  echo 'Without it the first check of every run fails. Later: infra/grantGraph.sh'
vault=$(deployed KEY_VAULT_NAME)
echo "What is left: az keyvault secret set --vault-name $vault --name anthropic-api-key --file <a file with the key>"
