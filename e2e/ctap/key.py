"""A Keyfob of one's own: a vault in a folder that goes away, `keyfob serve` on a socket, and the client before it."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from fido2.client import ClientError, DefaultClientDataCollector, Fido2Client, UserInteraction
from fido2.ctap import CtapError
from fido2.ctap2 import Ctap2
from fido2.ctap2.extensions import HmacSecretExtension
from fido2.ctap2.pin import ClientPin, PinProtocolV1, PinProtocolV2
from fido2.hid import CtapHidDevice
from fido2.hid.base import CtapHidConnection, HidDescriptor
from fido2.utils import sha256, websafe_decode

ERR = CtapError.ERR
PERMISSION = ClientPin.PERMISSION
RP = {"id": "example.org", "name": "Example"}
ORIGIN = "https://example.org"
HASH = sha256(b"what the client vouches for")
ES256, EDDSA, ML_DSA_44 = -7, -8, -48


def params(*algorithms):
    return [{"type": "public-key", "alg": alg} for alg in algorithms]


def descriptor(credential_id):
    return {"type": "public-key", "id": credential_id}


class Socket(CtapHidConnection):
    """Packets over the socket, as they would go over /dev/hidraw."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(40)
        self.socket.connect(str(path))

    def read_packet(self):
        packet = b""
        while len(packet) < 64:
            part = self.socket.recv(64 - len(packet))
            if not part:
                raise OSError("the key is gone")
            packet += part
        return packet

    def write_packet(self, data):
        assert len(data) == 64
        self.socket.sendall(data)

    def close(self):
        self.socket.close()


class Keyfob:
    """The program and its vault."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="keyfob-"))
        self.vault = self.folder / "vault"
        self.path = self.folder / "key"
        self.process = None
        self.devices = []
        self.run("init", "--vault", self.vault, "--unattended")
        self.power_up()

    @staticmethod
    def run(*words):
        return subprocess.run(
            [os.environ["KEYFOB_BIN"], *map(str, words)],
            check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )

    def power_up(self):
        self.said = open(self.folder / "said", "a+b")
        self.process = subprocess.Popen(
            [os.environ["KEYFOB_BIN"], "serve", "--vault", str(self.vault), "--socket", str(self.path)],
            stdin=subprocess.DEVNULL, stdout=self.said, stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + 20
        while True:
            try:
                self.device = self.connect()
                break
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("keyfob does not serve: " + self.words()) from None
                time.sleep(0.01)
        self.ctap = Ctap2(self.device)

    def words(self):
        return (self.folder / "said").read_text()

    def connect(self):
        about = HidDescriptor(str(self.path), 0, 0, 64, 64, "Keyfob", None)
        device = CtapHidDevice(about, Socket(self.path))
        self.devices.append(device)
        return device

    def power_down(self, how=signal.SIGTERM):
        for device in self.devices:
            device.close()
        self.devices.clear()
        self.process.send_signal(how)
        status = self.process.wait(10)
        self.said.close()
        return status

    def power_cycle(self, how=signal.SIGTERM):
        self.power_down(how)
        self.power_up()

    def remove(self):
        if self.process.poll() is None:
            self.power_down(signal.SIGKILL)
        shutil.rmtree(self.folder)


class Attached:
    """The key at /dev/hidraw0 that somebody else serves: emptied, and left where it is."""

    def __init__(self, path):
        from fido2.hid import open_device
        self.device = open_device(path)
        self.ctap = Ctap2(self.device)
        self.ctap.reset()

    def remove(self):
        self.device.close()


class Person(UserInteraction):
    """Whoever sits before the client and knows the PIN."""

    def __init__(self, pin=None):
        self.pin = pin

    def request_pin(self, permissions, rp_id):
        return self.pin


class KeyTest(unittest.TestCase):
    """A fresh Keyfob for each test."""

    def setUp(self):
        attached = os.environ.get("KEYFOB_DEVICE")
        self.key = Attached(attached) if attached else Keyfob()
        self.addCleanup(self.key.remove)

    @property
    def ctap(self):
        return self.key.ctap

    def refused(self, code, call, *args, **kwargs):
        with self.assertRaises(CtapError) as caught:
            call(*args, **kwargs)
        self.assertEqual(caught.exception.code, code)

    def make(self, user=b"user", rp=RP, algorithm=ES256, resident=True, **more):
        # One that can verify the person makes no discoverable passkey without it (CTAP 2.3 section 6.1.2 step 10).
        options = {"rk": resident, **({} if "pin_uv_param" in more else {"uv": True})}
        return self.ctap.make_credential(
            HASH, rp, {"id": user, "name": user.decode(), "displayName": user.decode().title()},
            params(algorithm), options=options, **more,
        )

    def pin(self, protocol=PinProtocolV2):
        return ClientPin(self.ctap, protocol())

    def token(self, permissions, pin="1234", rp_id=None, protocol=PinProtocolV2):
        return self.pin(protocol).get_pin_token(pin, permissions, rp_id)

    def client(self, pin=None, origin=ORIGIN):
        return Fido2Client(
            self.key.device, DefaultClientDataCollector(origin), Person(pin),
            extensions=self.extensions(),
        )

    @staticmethod
    def extensions():
        from fido2.ctap2.extensions import (
            CredBlobExtension, CredPropsExtension, CredProtectExtension, LargeBlobExtension,
            MinPinLengthExtension,
        )
        return [
            HmacSecretExtension(allow_hmac_secret=True), LargeBlobExtension(), CredBlobExtension(),
            CredProtectExtension(), MinPinLengthExtension(), CredPropsExtension(),
        ]


__all__ = [name for name in dir() if not name.startswith("_")]
