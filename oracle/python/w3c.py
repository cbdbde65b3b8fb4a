"""Prints the W3C's test vectors as cases, with the verdicts of docs/adr/0007: w3c.py VECTORS >CASES"""

import base64
import json
import sys
from typing import Any

from fido2 import cbor

# Refused: an algorithm that is not ours, and an Android key that nothing says was made in hardware.
REFUSED = {"packed-ed448": "algorithm", "android-key-es256": "attestation_certificate"}
UNATTESTED = ("none", "packed-self")
ALGORITHMS = [-7, -8, -35, -36, -257, -53]
USER_HANDLE = "dXNlcg"


def encode(hexadecimal: str) -> str:
    """From hexadecimal digits to base64url without padding."""
    return base64.urlsafe_b64encode(bytes.fromhex(hexadecimal)).decode().rstrip("=")


def credential(vector: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    id_ = encode(vector["registration"]["credential_id"])
    return {"id": id_, "rawId": id_, "type": "public-key", "response": response, "clientExtensionResults": {}}


def registration(vector: dict[str, Any], root: str) -> dict[str, Any]:
    half = vector["registration"]
    options = {
        "challenge": encode(half["challenge"]),
        "userVerification": "preferred",
        "pubKeyCredParams": ALGORITHMS,
        "attestation": "direct",
        "requireTrustedAttestation": not vector["id"].startswith(UNATTESTED),
        "trustAnchors": [root],
    }
    response = {
        "clientDataJSON": encode(half["clientDataJSON"]),
        "attestationObject": encode(half["attestationObject"]),
        "transports": [],
    }
    return {"kind": "registration", "options": options, "response": credential(vector, response)}


def authentication(vector: dict[str, Any]) -> dict[str, Any]:
    half = vector["authentication"]
    data = cbor.decode(bytes.fromhex(vector["registration"]["attestationObject"]))["authData"]
    # Behind hash, flags, counter, AAGUID, length and id; no vector has extensions.
    key = data[55 + int.from_bytes(data[53:55], "big") :]
    stored = {
        "credentialId": encode(vector["registration"]["credential_id"]),
        "publicKey": encode(key.hex()),
        "signCount": int.from_bytes(data[33:37], "big"),
        "backupEligible": bool(data[32] & 8),
        "userHandle": USER_HANDLE,
    }
    options = {"challenge": encode(half["challenge"]), "userVerification": "preferred", "allowCredentials": None}
    names = ("clientDataJSON", "authenticatorData", "signature")
    response = credential(vector, {name: encode(half[name]) for name in names})
    return {"kind": "authentication", "options": options, "stored": stored, "response": response}


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        vectors = json.load(file)
    root = encode(vectors["attestation_root"]["attestation_ca_cert"])
    rp = {
        "rpId": "example.org",
        "origins": ["https://example.org"],
        "allowCrossOrigin": True,
        "topOrigins": ["https://example.com"],
        "now": "2026-11-22T12:00:00Z",
    }
    for vector in vectors["vectors"]:
        name = vector["id"]
        expected = REFUSED.get(name, "ok")
        case = {"expected": expected, "id": f"w3c/{name}/registration", "rp": rp, **registration(vector, root)}
        print(json.dumps(case))
        if expected == "ok":
            print(json.dumps({"expected": "ok", "id": f"w3c/{name}/authentication", "rp": rp, **authentication(vector)}))


if __name__ == "__main__":
    main()
