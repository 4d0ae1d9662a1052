# shellcheck shell=bash
# What the scripts of infra/ share: saying what will be done, asking, not doing it on --dry-run.
# shellcheck disable=SC2034

GRAPH='https://graph.microsoft.com/v1.0'
YES=false
DRY_RUN=false

fail() {
  echo "$*" >&2
  exit 2
}

# One thing that will be done, for people.
plan() {
  printf '  - %s\n' "$*"
}

# Asks before anything is changed. --yes answers, --dry-run ends here, and without a terminal nobody has agreed.
agree() {
  if [[ "$DRY_RUN" == true ]]; then
    echo 'Nothing was changed (--dry-run).'
    exit 0
  fi
  [[ "$YES" == true ]] && return
  [[ -t 0 ]] || fail 'Nobody to ask: repeat with --yes to agree, or with --dry-run to see only.'
  local answer
  read -r -p 'Go on? [y/N] ' answer
  [[ "$answer" == [yY]* ]] || fail 'Nothing was changed.'
}

# graph <method> <path> [body]: a request to Microsoft Graph as the signed-in operator; prints the answer.
graph() {
  local method=$1 path=$2
  if [[ $# -gt 2 ]]; then
    az rest --only-show-errors --method "$method" --url "$GRAPH$path" --headers 'Content-Type=application/json' \
      'Prefer=create-if-missing' --body "$3"
  else
    az rest --only-show-errors --method "$method" --url "$GRAPH$path" --output json
  fi
}

# pick <expression>: reads JSON, prints what the JavaScript expression over `it` is; nothing for undefined or null.
pick() {
  node -e '
    const it = JSON.parse(require("node:fs").readFileSync(0, "utf8") || "{}");
    const found = new Function("it", `return ${process.argv[1]}`)(it);
    if (found !== undefined && found !== null) console.log(found);
  ' "$1"
}

# A value of the deployment, which azd keeps in its environment.
deployed() {
  local name=$1
  if [[ -n "${!name:-}" ]]; then
    printf '%s' "${!name}"
  elif command -v azd >/dev/null; then
    azd env get-value "$name" 2>/dev/null || true
  fi
}
