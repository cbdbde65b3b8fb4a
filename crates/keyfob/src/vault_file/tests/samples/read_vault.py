"""Reads vault-1 by docs/keyfob/vault-format.md alone. Needs argon2-cffi, cryptography and cbor2; run by hand."""
import hashlib, hmac, pathlib, sys, unicodedata

import argon2.low_level as argon2
import cbor2
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

file = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).with_name("vault-1")).read_bytes()
secret = unicodedata.normalize("NFC", "schöne Grüße").encode()


def number(at, length):
    return int.from_bytes(file[at : at + length], "big")


assert file[:8] == bytes.fromhex("894b4559464f420a") and number(8, 2) == 1
n = number(67, 2)
lock = file[69 : 69 + n]
assert file[66] == 1 and lock[0] == 1 and n == 25
memory, passes = int.from_bytes(lock[1:5], "big"), int.from_bytes(lock[5:9], "big")
opener = argon2.hash_secret_raw(secret, lock[9:], passes, memory, 1, 32, argon2.Type.ID, 0x13)
nonce = file[69 + n : 81 + n]
key = AESGCM(opener).decrypt(nonce, file[81 + n : 129 + n], file[: 69 + n])
header = file[: 129 + n]


def derive(purpose):
    return HKDF(SHA256(), 32, file[34:66], b"keyfob vault v1 " + purpose).derive(key)


bodies, heads, nonces = AESGCM(derive(b"bodies")), derive(b"heads"), derive(b"nonces")
at, count, tag, promised = len(header), 0, hashlib.sha256(header).digest()[:16], None
while at < len(file):
    head = file[at : at + 40]
    length = int.from_bytes(head[:4], "big")
    assert int.from_bytes(head[4:12], "big") == count
    assert hmac.digest(heads, tag + head[:24], "sha256")[:16] == head[24:]
    sealed = file[at + 40 : at + 40 + length]
    text = bodies.decrypt(head[12:24], sealed, tag + head)
    assert hmac.digest(nonces, head[4:12] + tag + text, "sha256")[:12] == head[12:24]
    body = cbor2.loads(text)
    assert cbor2.dumps(body, canonical=True) == text
    if count == 0:
        promised = body[1]
        assert body[0] == 1
    print(count, {key: value.hex() if isinstance(value, bytes) else value for key, value in body.items()})
    at, count, tag = at + 40 + length, count + 1, sealed[-16:]
assert at == len(file) and count > promised
print("generation", number(26, 8), "records", count, "written at once behind the first", promised)
