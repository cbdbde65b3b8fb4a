#!/bin/sh
# Runs schemathesis with all its checks over the OpenAPI description of a running server of its own.
# KEYWARD_BIN: the program; SCHEMATHESIS: the tool, installed here into a folder outside the repository if absent;
# SECONDS_LONG: how long at most (600).
set -eu
bin=${KEYWARD_BIN:-target/debug/keyward}
# The program would take it for a setting of its own.
unset KEYWARD_BIN
work=$(mktemp -d)
tool=${SCHEMATHESIS:-}
if [ -z "$tool" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q schemathesis
  tool=$work/venv/bin/schemathesis
fi
port=${PORT:-18480}
origin=http://localhost:$port
cat > "$work/keyward.toml" <<T
origin = "$origin"
listen = "127.0.0.1:$port"
database = "$work/keyward.db"
T
"$bin" --config "$work/keyward.toml" serve < /dev/null > "$work/server.log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
tries=0
until curl -fs "$origin/readyz" > /dev/null; do
  tries=$((tries + 1))
  [ "$tries" -lt 100 ] || { cat "$work/server.log"; exit 1; }
  sleep 0.2
done
for name in ana bea cid; do
  "$bin" --config "$work/keyward.toml" user add "$name@example.com" --name "$name" > /dev/null
done
key=$("$bin" --config "$work/keyward.toml" --json api-key make schemathesis --lifetime 1d \
  --scopes users.read,users.write,groups.write,methods.remove,policy.read,log.read | sed 's/.*"value":"\([^"]*\)".*/\1/')
cat > "$work/schemathesis.toml" <<T
# Rules beyond what a schema says (a name of blanks, a cursor of another list) are refused with 422, and a version that
# has changed with 412: both for requests that fit the schema.
# A body beyond 64 KiB is refused by its size before anybody looks whether it fits.
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429]
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 304, 401, 403, 404, 409, 412, 422]
T
status=0
timeout "${SECONDS_LONG:-600}" "$tool" --config-file "$work/schemathesis.toml" run "$origin/api/v1/openapi.json" \
  --header "Authorization: Bearer $key" --checks all --max-examples "${EXAMPLES:-60}" --continue-on-failure \
  --generation-deterministic || status=$?
# Out of time is no finding: what was found until then was printed.
[ "$status" -eq 124 ] && status=0
grep -c "request failed" "$work/server.log" || true
exit "$status"
