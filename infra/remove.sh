#!/usr/bin/env bash
# Removes a deployment and what it has outside of its group: custom roles, role assignments, budgets, the API's
# application, the deleted vault. It begins only when no agent has left anything, because nobody else would find it.
#
#   infra/remove.sh <environment> [--keep-group] [--force] [--yes] [--dry-run]
#
# --keep-group leaves the group and its vault to azd down --purge. --force goes on although agents have left something.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=infra/lib/common.sh
source infra/lib/common.sh

ENVIRONMENT=${1:-}
[[ "$ENVIRONMENT" =~ ^[a-z0-9-]{2,16}$ ]] || fail 'Which environment? infra/remove.sh dev'
shift
KEEP_GROUP=false
FORCE=false
while [[ $# -gt 0 ]]; do
  case $1 in
    --keep-group) KEEP_GROUP=true ;;
    --force) FORCE=true ;;
    --yes) YES=true ;;
    --dry-run) DRY_RUN=true ;;
    *) fail "Unknown: $1. See the first lines of this file." ;;
  esac
  shift
done
group=$(deployed AZURE_RESOURCE_GROUP)
group=${group:-rg-haymaker-$ENVIRONMENT}
lines() { az "$@" --output tsv; }

left=$(lines group list --tag AzureHayMaker-managed=true --query '[].name')
if [[ -n "$left" && "$FORCE" == false ]]; then
  echo 'Agents have left these groups:' >&2
  printf '  %s\n' "${left//$'\n'/$'\n'  }" >&2
  fail 'Let HayMaker remove them first (haymaker cleanup), or say --force. Nothing was changed.'
fi

principal=$(lines identity show --resource-group "$group" --name "id-haymaker-app-$ENVIRONMENT" --query principalId 2>/dev/null || true)
assignments=''
[[ -z "$principal" ]] || assignments=$(lines role assignment list --all --assignee-object-id "$principal" --query '[].id' 2>/dev/null ||
  lines role assignment list --all --assignee "$principal" --query '[].id')
# The Job Runner is known only in its group. Azure answers with both when the group is asked; sort takes care of that.
ours="[?starts_with(roleName, 'HayMaker Orchestrator $ENVIRONMENT-') || starts_with(roleName, 'HayMaker Job Runner $ENVIRONMENT-')].[name, assignableScopes[0]]"
roles=$({
  lines role definition list --custom-role-only true --query "$ours"
  lines role definition list --custom-role-only true --resource-group "$group" --query "$ours" 2>/dev/null || true
} | sort -u)
budget=$(lines consumption budget list --query "[?name=='budget-haymaker-agents-$ENVIRONMENT'].name" 2>/dev/null || true)
vault=''
[[ "$KEEP_GROUP" == true ]] || vault=$(lines keyvault list --resource-group "$group" --query '[].name' 2>/dev/null || true)
application=$(graph get "/applications?\$filter=uniqueName eq 'haymaker-api-$ENVIRONMENT'" 2>/dev/null | pick 'it.value?.[0]?.id' || true)

echo 'This will remove'
[[ -z "$application" ]] || plan "the application haymaker-api-$ENVIRONMENT"
while read -r id; do [[ -z "$id" ]] || plan "the role assignment $id"; done <<<"$assignments"
[[ -z "$budget" ]] || plan "the budget $budget"
if [[ "$KEEP_GROUP" == false ]]; then
  plan "the group $group with all that is in it: reports and records of all runs, too"
  [[ -z "$vault" ]] || plan "the vault $vault for good"
fi
while read -r name scope; do [[ -z "$name" ]] || plan "the custom role $name at $scope"; done <<<"$roles"
agree

[[ -z "$application" ]] || graph delete "/applications/$application" >/dev/null
while read -r id; do [[ -z "$id" ]] || az role assignment delete --ids "$id"; done <<<"$assignments"
# After the assignments: Azure keeps a role that is still assigned. Before the group: one of them is known only there.
while read -r name scope; do
  [[ -z "$name" ]] || az role definition delete --name "$name" --scope "$scope" --custom-role-only true
done <<<"$roles"
[[ -z "$budget" ]] || az consumption budget delete --budget-name "$budget"
if [[ "$KEEP_GROUP" == false ]]; then
  if [[ "$(az group exists --name "$group")" == true ]]; then az group delete --name "$group" --yes; fi
  [[ -z "$vault" ]] || az keyvault purge --name "$vault"
fi
echo 'Removed.'
