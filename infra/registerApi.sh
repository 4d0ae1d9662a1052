#!/usr/bin/env bash
# Registers the application that stands for the API in Entra, for API_AUTH=entra, with the roles HayMaker.Reader and
# HayMaker.Operator, and gives people or apps a role. Run it as often as you like: it is found by its unique name.
# Whoever runs this needs the Entra role Application Administrator.
#
#   infra/registerApi.sh --environment <dev|staging|prod> [--operator <object id>]... [--reader <object id>]...
#                        [--remove] [--yes] [--dry-run]
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=infra/lib/common.sh
source "$here/lib/common.sh"

AZURE_CLI='04b07795-8ddb-461a-bbee-02f9e1bf7b46'
ENVIRONMENT=''
REMOVE=false
members=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --environment) ENVIRONMENT=${2:-}; shift ;;
    --operator) members+=("HayMaker.Operator ${2:-}"); shift ;;
    --reader) members+=("HayMaker.Reader ${2:-}"); shift ;;
    --remove) REMOVE=true ;;
    --yes) YES=true ;;
    --dry-run) DRY_RUN=true ;;
    *) fail "Unknown: $1. See the first lines of this file." ;;
  esac
  shift
done
[[ "$ENVIRONMENT" =~ ^[a-z0-9-]{2,16}$ ]] || fail 'Which environment? Say --environment dev.'
unique="haymaker-api-$ENVIRONMENT"

if [[ "$REMOVE" == true ]]; then
  echo 'This will'
  plan "remove the application $unique, and with it everybody's roles in it"
  agree
  graph delete "/applications(uniqueName='$unique')" >/dev/null
  echo 'Done.'
  exit 0
fi

echo 'This will'
plan "make the application $unique, or bring it up to date: two roles, one scope, tokens of version 2"
plan 'let the Azure CLI get tokens for it, and let in only who has a role'
for member in ${members[@]+"${members[@]}"}; do plan "give ${member% *} to ${member#* }"; done
agree

# shellcheck disable=SC2016
definition=$(node -e '
  const body = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
  console.log(JSON.stringify({ displayName: `HayMaker API (${process.argv[2]})`, ...body }));
' "$here/apiApplication.json" "$ENVIRONMENT")
graph patch "/applications(uniqueName='$unique')" "$definition" >/dev/null
application=$(graph get "/applications(uniqueName='$unique')")
id=$(pick 'it.id' <<<"$application")
appId=$(pick 'it.appId' <<<"$application")
scope=$(pick 'it.api.oauth2PermissionScopes[0].id' <<<"$application")
# A second step: a scope must be there before somebody is allowed to use it.
graph patch "/applications/$id" "{\"identifierUris\":[\"api://$appId\"],\"api\":{\"preAuthorizedApplications\":[{\"appId\":\"$AZURE_CLI\",\"delegatedPermissionIds\":[\"$scope\"]}]}}" >/dev/null
graph patch "/servicePrincipals(appId='$appId')" '{"appRoleAssignmentRequired":true}' >/dev/null
service=$(graph get "/servicePrincipals(appId='$appId')" | pick 'it.id')

held=$(graph get "/servicePrincipals/$service/appRoleAssignedTo")
for member in ${members[@]+"${members[@]}"}; do
  role=$(pick "it.appRoles.find(({ value }) => value === '${member% *}').id" <<<"$application")
  principal=${member#* }
  [[ -n $(pick "it.value.find((one) => one.principalId === '$principal' && one.appRoleId === '$role')?.id" <<<"$held") ]] && continue
  graph post "/servicePrincipals/$service/appRoleAssignedTo" \
    "{\"principalId\":\"$principal\",\"resourceId\":\"$service\",\"appRoleId\":\"$role\"}" >/dev/null
done

echo "Done. Deploy with:"
echo "  azd env set HAYMAKER_API_AUTH entra"
echo "  azd env set HAYMAKER_API_AUDIENCE $appId"
