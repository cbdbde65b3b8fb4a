#!/usr/bin/env bash
# scim2-tester (PyPI) against a running keyward: e2e/api/scim.sh ORIGIN KEY
#
# KEY is an API key of the scope `scim`. What it needs from PyPI is kept below the target folder. Exits with 1 if the tester
# finds an error.
set -euo pipefail
cd "$(dirname "$0")/../.." || exit 2

[ $# -eq 2 ] || { echo "usage: e2e/api/scim.sh ORIGIN KEY" >&2; exit 2; }
venv=${CARGO_TARGET_DIR:-target}/scim-tester
if [ ! -x "$venv/bin/python" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" --quiet --disable-pip-version-check install 'scim2-tester==0.5.2' 'scim2-client[httpx2]==0.13.2'
fi
SCIM_KEY=$2 "$venv/bin/python" e2e/api/scim.py "$1/scim/v2"
