#!/usr/bin/env bash
# Gives the app's identity the Graph permission that it needs: Application.ReadWrite.OwnedBy. It may then make
# applications, and change and delete those that it made; it may read all of them and touch no other.
# Whoever runs this needs the Entra role Privileged Role Administrator.
#
#   infra/grantGraph.sh [--principal <object id of the app's identity>] [--revoke] [--yes] [--dry-run]
#
# Without --principal it is APP_PRINCIPAL_ID, of the environment or of azd. Run it as often as you like.
set -euo pipefail
# shellcheck source=infra/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

PERMISSION='Application.ReadWrite.OwnedBy'
GRAPH_APP='00000003-0000-0000-c000-000000000000'
PRINCIPAL=''
REVOKE=false
while [[ $# -gt 0 ]]; do
  case $1 in
    --principal) PRINCIPAL=${2:-}; shift ;;
    --revoke) REVOKE=true ;;
    --yes) YES=true ;;
    --dry-run) DRY_RUN=true ;;
    *) fail "Unknown: $1. See the first lines of this file." ;;
  esac
  shift
done
[[ -n "$PRINCIPAL" ]] || PRINCIPAL=$(deployed APP_PRINCIPAL_ID)
[[ "$PRINCIPAL" =~ ^[0-9a-fA-F-]{36}$ ]] || fail 'Whose? Say --principal <object id>, the output APP_PRINCIPAL_ID of the deployment.'

microsoft_graph=$(graph get "/servicePrincipals(appId='$GRAPH_APP')?\$select=id,appRoles")
resource=$(pick 'it.id' <<<"$microsoft_graph")
role=$(pick "it.appRoles.find(({ value }) => value === '$PERMISSION')?.id" <<<"$microsoft_graph")
[[ -n "$resource" && -n "$role" ]] || fail "Microsoft Graph does not offer $PERMISSION in this tenant."
held=$(graph get "/servicePrincipals/$PRINCIPAL/appRoleAssignments" |
  pick "it.value.find((one) => one.appRoleId === '$role' && one.resourceId === '$resource')?.id")

if [[ "$REVOKE" == true ]]; then
  [[ -n "$held" ]] || { echo "$PRINCIPAL does not have $PERMISSION. Nothing to do."; exit 0; }
  echo 'This will'
  plan "take $PERMISSION on Microsoft Graph from the identity $PRINCIPAL"
  agree
  graph delete "/servicePrincipals/$PRINCIPAL/appRoleAssignments/$held" >/dev/null
  echo 'Done.'
  exit 0
fi

[[ -z "$held" ]] || { echo "$PRINCIPAL has $PERMISSION already. Nothing to do."; exit 0; }
echo 'This will'
plan "give $PERMISSION on Microsoft Graph to the identity $PRINCIPAL (make applications; change and delete its own)"
agree
graph post "/servicePrincipals/$PRINCIPAL/appRoleAssignments" \
  "{\"principalId\":\"$PRINCIPAL\",\"resourceId\":\"$resource\",\"appRoleId\":\"$role\"}" >/dev/null
echo 'Done. Tokens that the app has already are valid for up to a day: restart it to use the permission at once.'
