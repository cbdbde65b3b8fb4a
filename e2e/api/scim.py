"""Runs scim2-tester against the address given and prints what is not as it should be."""

import os
import sys

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

http = Client(base_url=sys.argv[1], headers={"Authorization": f"Bearer {os.environ['SCIM_KEY']}"}, timeout=30)
scim = SyncSCIMClient(http)
results = check_server(scim)
counts = {}
for result in results:
    counts[result.status.name] = counts.get(result.status.name, 0) + 1
    if result.status in (Status.ERROR, Status.CRITICAL):
        print(f"{result.status.name} {result.title}: {result.reason}\n  {str(result.data)[:600]}")
print("scim2-tester:", ", ".join(f"{count} {name.lower()}" for name, count in sorted(counts.items())))
sys.exit(1 if counts.get("ERROR") or counts.get("CRITICAL") else 0)
