#!/usr/bin/env bash
# Deploys with az alone, without azd: platform, agents' image, app. Deploys over what is there.
#
#   infra/deploy.sh <dev|staging|prod> [--what-if | --build] [--skip-image] [--yes] [--dry-run]
#
# --build compiles the Bicep files and stops; --what-if shows what a deployment would change and stops.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=infra/lib/common.sh
source infra/lib/common.sh

ENVIRONMENT=${1:-}
[[ -f "infra/main.$ENVIRONMENT.bicepparam" ]] || fail 'Which environment? infra/deploy.sh dev'
shift
MODE=deploy
IMAGE=true
while [[ $# -gt 0 ]]; do
  case $1 in
    --build | --what-if) MODE=${1#--} ;;
    --skip-image) IMAGE=false ;;
    --yes) YES=true ;;
    --dry-run) DRY_RUN=true ;;
    *) fail "Unknown: $1. See the first lines of this file." ;;
  esac
  shift
done

if [[ "$MODE" == build ]]; then
  az bicep build --file infra/main.bicep --stdout >/dev/null
  for file in infra/main.*.bicepparam; do az bicep build-params --file "$file" --stdout >/dev/null; done
  exit 0
fi

location=$(sed -n "s/^param location = '\(.*\)'/\1/p" "infra/main.$ENVIRONMENT.bicepparam")
deployment=(--name "haymaker-$ENVIRONMENT" --location "$location" --parameters "infra/main.$ENVIRONMENT.bicepparam")
if [[ "$MODE" == what-if ]]; then
  az deployment sub what-if "${deployment[@]}"
  exit 0
fi

echo "This will, in the subscription $(az account show --query name --output tsv),"
plan "deploy infra/main.bicep with infra/main.$ENVIRONMENT.bicepparam"
[[ "$IMAGE" == false ]] || plan "build the agents' image in its registry"
plan 'package the app and deploy it'
agree

outputs=$(az deployment sub create "${deployment[@]}" --query properties.outputs --output json)
output() { pick "it.$1.value" <<<"$outputs"; }
[[ "$IMAGE" == false ]] || infra/buildImage.sh "$(output CONTAINER_REGISTRY_NAME)" "$(output CONTAINER_IMAGE)"
zip=$(npm run --silent package -- --json | tail -n 1 | pick 'it.zipPath')
az functionapp deployment source config-zip --resource-group "$(output AZURE_RESOURCE_GROUP)" \
  --name "$(output FUNCTION_APP_NAME)" --src "$zip" --output none

echo 'Deployed. What is left, once:'
echo "  infra/grantGraph.sh --principal $(output APP_PRINCIPAL_ID)"
echo "  az keyvault secret set --vault-name $(output KEY_VAULT_NAME) --name anthropic-api-key --file <a file with the key>"
echo "Then: curl $(output HAYMAKER_URL)/health"
