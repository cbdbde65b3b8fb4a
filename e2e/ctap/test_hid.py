"""CTAPHID, and what the key says about itself."""

import stat
import struct
import threading

from key import *
from fido2.hid import CAPABILITY, CTAPHID


class Channels(KeyTest):
    def test_ping_of_every_length_comes_back(self):
        # The kernel's uhid keeps 31 packets for a program that is not awake yet, and drops what comes beyond.
        longest = 57 + 30 * 59 if os.environ.get("KEYFOB_DEVICE") else 7609
        for length in (0, 1, 57, 58, 1024, longest):
            message = bytes(range(256)) * 30
            self.assertEqual(self.key.device.ping(message[:length]), message[:length])

    def test_ctap2_is_spoken_and_u2f_is_not(self):
        self.assertEqual(self.key.device.capabilities, CAPABILITY.CBOR | CAPABILITY.NMSG)
        for command in (CTAPHID.MSG, CTAPHID.LOCK, CTAPHID.WINK, CTAPHID.VENDOR_FIRST):
            self.refused(ERR.INVALID_COMMAND, self.key.device.call, command, b"\0" * 7)

    def test_several_programs_have_channels_of_their_own(self):
        others = [self.key.connect() for _ in range(5)]
        for device in others:
            self.assertEqual(Ctap2(device).info.aaguid, self.ctap.info.aaguid)

    def test_packets_out_of_turn_are_refused(self):
        device = self.key.device
        connection, channel = device._connection, device._channel_id
        connection.write_packet(struct.pack(">IBH", channel, 0x80 | CTAPHID.PING, 100).ljust(64, b"\0"))
        connection.write_packet(struct.pack(">IB", channel, 1).ljust(64, b"\0"))
        answer = connection.read_packet()
        self.assertEqual(answer[4:8], bytes([0x80 | CTAPHID.ERROR, 0, 1, ERR.INVALID_SEQ]))
        self.assertEqual(device.ping(b"and then"), b"and then")

    def test_half_a_message_is_given_up(self):
        device = self.key.device
        device._connection.write_packet(
            struct.pack(">IBH", device._channel_id, 0x80 | CTAPHID.PING, 100).ljust(64, b"\0"))
        answer = device._connection.read_packet()
        self.assertEqual(answer[4:8], bytes([0x80 | CTAPHID.ERROR, 0, 1, ERR.TIMEOUT]))

    def test_an_unknown_channel_is_refused(self):
        connection = self.key.device._connection
        connection.write_packet(struct.pack(">IBH", 0x12345678, 0x80 | CTAPHID.PING, 1).ljust(64, b"\0"))
        answer = connection.read_packet()
        self.assertEqual(answer[4:8], bytes([0x80 | CTAPHID.ERROR, 0, 1, ERR.INVALID_CHANNEL]))

    def test_many_at_once_are_all_served(self):
        failures = []

        def ask():
            try:
                ctap = Ctap2(self.key.connect())
                for _ in range(5):
                    ctap.selection()
            except Exception as error:  # noqa: BLE001: whatever it is, the test tells
                failures.append(error)

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])

    def test_nobody_else_may_open_the_socket(self):
        self.assertEqual(stat.S_IMODE(self.key.path.stat().st_mode), 0o600)

    def test_a_vault_that_approves_by_itself_says_so_at_each_start(self):
        self.key.power_cycle()
        self.assertEqual(self.key.words().count("approves by itself"), 2)

    def test_it_ends_when_it_is_told_to(self):
        self.assertEqual(self.key.power_down(), 0)
        self.assertFalse(self.key.path.exists())


class Info(KeyTest):
    def test_versions(self):
        versions = self.ctap.info.versions
        self.assertIn("FIDO_2_0", versions)
        self.assertIn("FIDO_2_1", versions)
        self.assertNotIn("U2F_V2", versions)

    def test_model(self):
        self.assertEqual(str(self.ctap.info.aaguid), "6b657966-6f62-4000-8000-000000000001")

    def test_extensions(self):
        offered = self.ctap.info.extensions
        for extension in ("credProtect", "credBlob", "hmac-secret", "largeBlobKey", "minPinLength"):
            self.assertIn(extension, offered)

    def test_options(self):
        options = self.ctap.info.options
        self.assertEqual(
            {name: options.get(name) for name in ("rk", "up", "clientPin", "credMgmt", "authnrCfg", "largeBlobs",
                                                  "pinUvAuthToken", "setMinPINLength", "uv")},
            {"rk": True, "up": True, "clientPin": False, "credMgmt": True, "authnrCfg": True, "largeBlobs": True,
             "pinUvAuthToken": True, "setMinPINLength": True, "uv": True})

    def test_limits(self):
        info = self.ctap.info
        self.assertEqual(info.pin_uv_protocols[0], 2)
        self.assertEqual(sorted(info.pin_uv_protocols), [1, 2])
        self.assertGreaterEqual(info.max_msg_size, 1024)
        self.assertGreaterEqual(info.max_large_blob, 1024)
        self.assertGreaterEqual(info.max_cred_blob_length, 32)
        self.assertEqual([entry["alg"] for entry in info.algorithms], [ES256, EDDSA, ML_DSA_44])

    def test_what_it_does_not_know_it_refuses(self):
        for command in (0x00, 0x03, 0x40, 0x42, 0xff):
            self.refused(ERR.INVALID_COMMAND, self.ctap.send_cbor, command, {})
