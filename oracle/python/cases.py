"""Reads cases from standard input and answers each with an oracle's verdict, one JSON object a line.

A case is what `keyward explain --ndjson` takes (docs/admin/explain.md). Absent members have its defaults.
"""

import base64
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Judge = Callable[["Case"], None]


def decode(text: str) -> bytes:
    """From base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Case:
    """A ceremony in the words that the oracles take."""

    kind: str
    rp_id: str
    origins: list[str]
    challenge: bytes
    user_verification: str
    conditional: bool
    algorithms: list[int]
    trust_required: bool
    anchors: list[bytes]
    allowed: list[bytes] | None
    stored: dict[str, Any] | None
    response: dict[str, Any]
    registered: list[bytes] = field(default_factory=list)

    @staticmethod
    def read(value: dict[str, Any]) -> "Case":
        rp, options = value["rp"], value["options"]
        allowed, algorithms = options.get("allowCredentials"), options.get("pubKeyCredParams")
        return Case(
            kind=value["kind"],
            rp_id=rp["rpId"],
            origins=rp["origins"],
            challenge=decode(options["challenge"]),
            user_verification=options.get("userVerification") or "required",
            conditional=options.get("mediation") == "conditional",
            algorithms=[-7, -8, -257] if algorithms is None else algorithms,
            trust_required=bool(options.get("requireTrustedAttestation")),
            anchors=[decode(anchor) for anchor in options.get("trustAnchors") or []],
            allowed=None if allowed is None else [decode(item) for item in allowed],
            stored=value.get("stored"),
            response=value["response"],
            registered=[decode(item) for item in options.get("alreadyRegisteredCredentialIds") or []],
        )


def verdict(judge: Judge, line: str) -> dict[str, str | None]:
    """What the oracle says about one line; whatever it raises is a refusal."""
    name = None
    try:
        value = json.loads(line)
        name = value["id"]
        judge(Case.read(value))
    except RecursionError:
        return {"id": name, "verdict": "reject", "error": "RecursionError"}
    except Exception as error:  # noqa: BLE001: an oracle may raise anything at all
        return {"id": name, "verdict": "reject", "error": describe(error)}
    return {"id": name, "verdict": "accept"}


def describe(error: Exception) -> str:
    """The error's class and the first line of what it says."""
    text = next(iter(str(error).splitlines()), "")
    return f"{type(error).__name__}: {text[:120]}" if text else type(error).__name__


def answer(judge: Judge) -> None:
    """Answers every line of standard input."""
    for line in sys.stdin:
        print(json.dumps(verdict(judge, line)), flush=False)
