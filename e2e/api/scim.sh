#!/bin/sh
# Runs scim2-tester (PyPI) with all its checks against a running server of its own.
# KEYWARD_BIN: the program; PYTHON: one that has the tool, installed here into a folder outside the repository if absent.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
bin=${KEYWARD_BIN:-target/debug/keyward}
# The program would take it for a setting of its own.
unset KEYWARD_BIN
work=$(mktemp -d)
python=${PYTHON:-}
if [ -z "$python" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q 'scim2-tester==0.5.2' 'scim2-client[httpx2]==0.13.2'
  python=$work/venv/bin/python
fi
port=${PORT:-18481}
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
SCIM_KEY=$("$bin" --config "$work/keyward.toml" --json api-key make scim2-tester --lifetime 1d --scopes scim |
  sed 's/.*"value":"\([^"]*\)".*/\1/')
export SCIM_KEY
"$python" "$here/scim.py" "$origin/scim/v2"
