"""makeCredential, getAssertion, and that they last."""

import signal
import threading

from key import *
from fido2.attestation import PackedAttestation
from fido2.cose import CoseKey


class Passkeys(KeyTest):
    def test_every_algorithm_makes_signs_and_attests_itself(self):
        for algorithm in (ES256, EDDSA):
            made = self.make(algorithm=algorithm)
            self.assertEqual(made.fmt, "packed")
            PackedAttestation().verify(made.att_stmt, made.auth_data, HASH)
            public_key = made.auth_data.credential_data.public_key
            self.assertEqual(public_key[3], algorithm)
            got = self.ctap.get_assertion(RP["id"], HASH, [descriptor(made.auth_data.credential_data.credential_id)])
            got.verify(HASH, public_key)

    def test_the_first_wished_algorithm_that_it_can_is_taken(self):
        made = self.ctap.make_credential(
            HASH, RP, {"id": b"u", "name": "u"}, params(-999, EDDSA, ES256), options={"uv": True})
        self.assertEqual(made.auth_data.credential_data.public_key[3], EDDSA)

    def test_a_post_quantum_key_is_made_and_signs(self):
        from cryptography.hazmat.primitives.asymmetric import mldsa
        made = self.make(algorithm=ML_DSA_44)
        public_key = made.auth_data.credential_data.public_key
        self.assertEqual((public_key[1], public_key[3]), (7, ML_DSA_44))
        key = mldsa.MLDSA44PublicKey.from_public_bytes(public_key[-1])
        key.verify(made.att_stmt["sig"], made.auth_data + HASH)
        got = self.ctap.get_assertion(RP["id"], HASH)
        key.verify(got.signature, got.auth_data + HASH)

    def test_without_a_known_algorithm_nothing_is_made(self):
        self.refused(ERR.UNSUPPORTED_ALGORITHM, self.make, algorithm=-65535)
        self.refused(ERR.NO_CREDENTIALS, self.ctap.get_assertion, RP["id"], HASH)

    def test_an_excluded_passkey_is_not_made_twice(self):
        made = self.make()
        again = [descriptor(made.auth_data.credential_data.credential_id)]
        self.refused(ERR.CREDENTIAL_EXCLUDED, self.make, user=b"other", exclude_list=again)

    def test_sites_are_kept_apart(self):
        made = self.make()
        mine = [descriptor(made.auth_data.credential_data.credential_id)]
        self.refused(ERR.NO_CREDENTIALS, self.ctap.get_assertion, "example.com", HASH)
        self.refused(ERR.NO_CREDENTIALS, self.ctap.get_assertion, "example.com", HASH, mine)

    def test_a_key_that_is_not_discoverable_is_found_by_its_id_alone(self):
        made = self.make(resident=False)
        mine = [descriptor(made.auth_data.credential_data.credential_id)]
        self.refused(ERR.NO_CREDENTIALS, self.ctap.get_assertion, RP["id"], HASH)
        self.ctap.get_assertion(RP["id"], HASH, mine).verify(HASH, made.auth_data.credential_data.public_key)

    def test_several_accounts_of_one_site(self):
        made = {user: self.make(user) for user in (b"one", b"two", b"three")}
        found = self.ctap.get_assertions(RP["id"], HASH)
        for assertion in found:
            key = made[assertion.user["id"]].auth_data.credential_data.public_key
            assertion.verify(HASH, key)
        # One that shows accounts itself hands out the chosen one; any other all of them, the newest first.
        chosen = found[0].user_selected
        self.assertEqual([one.user["id"] for one in found], [b"three"] if chosen else [b"three", b"two", b"one"])

    def test_who_registers_again_replaces_their_passkey(self):
        self.make(b"one")
        second = self.make(b"one")
        found = self.ctap.get_assertions(RP["id"], HASH)
        self.assertEqual([one.credential["id"] for one in found], [second.auth_data.credential_data.credential_id])

    def test_a_discoverable_passkey_wants_the_person_verified(self):
        self.refused(ERR.OPERATION_DENIED, self.ctap.make_credential, HASH, RP, {"id": b"u", "name": "u"},
                     params(ES256), options={"rk": True})

    def test_without_the_person_there_is_no_presence(self):
        made = self.make()
        mine = [descriptor(made.auth_data.credential_data.credential_id)]
        silent = self.ctap.get_assertion(RP["id"], HASH, mine, options={"up": False})
        self.assertFalse(silent.auth_data.is_user_present())
        self.assertTrue(self.ctap.get_assertion(RP["id"], HASH, mine).auth_data.is_user_present())

    def test_acknowledged_passkeys_survive_kill_9(self):
        made = [self.make(b"%d" % number) for number in range(5)]
        self.key.power_cycle(signal.SIGKILL)
        for one in made:
            data = one.auth_data.credential_data
            self.ctap.get_assertion(RP["id"], HASH, [descriptor(data.credential_id)]).verify(HASH, data.public_key)

    def test_reset_deletes_everything(self):
        self.make()
        self.pin().set_pin("1234")
        self.ctap.reset()
        self.refused(ERR.NO_CREDENTIALS, self.ctap.get_assertion, RP["id"], HASH)
        self.assertFalse(self.ctap.get_info().options["clientPin"])
        self.key.power_cycle()
        self.refused(ERR.NO_CREDENTIALS, self.ctap.get_assertion, RP["id"], HASH)

    def test_selection(self):
        self.ctap.selection()

    def test_a_request_that_is_no_cbor_is_refused(self):
        for nonsense in (b"\x01", b"\x01\xff", b"\x02\xa1", b"\x01" + b"\xa0" * 9, b"\x02\x80"):
            answer = self.key.device.call(0x10, nonsense)
            self.assertEqual(len(answer), 1, nonsense)
            self.assertIn(answer[0], (ERR.INVALID_CBOR, ERR.MISSING_PARAMETER, ERR.CBOR_UNEXPECTED_TYPE), nonsense)


class Browser(KeyTest):
    """The client's whole procedure (WebAuthn sections 5.1.3 and 5.1.4), verified by python-fido2's relying party."""

    def ceremony(self, pin=None, verification="required", resident="required"):
        from fido2.server import Fido2Server
        from fido2.webauthn import PublicKeyCredentialRpEntity
        server = Fido2Server(PublicKeyCredentialRpEntity.from_dict(RP), attestation="direct")
        client = self.client(pin)
        options, state = server.register_begin(
            {"id": b"user", "name": "user", "displayName": "User"}, user_verification=verification,
            resident_key_requirement=resident)
        data = server.register_complete(state, client.make_credential(options.public_key))
        known = None if resident == "required" else [data.credential_data]
        options, state = server.authenticate_begin(known, user_verification=verification)
        response = client.get_assertion(options.public_key).get_response(0)
        server.authenticate_complete(state, [data.credential_data], response)
        return data, response

    def test_verification_by_the_key_itself(self):
        data, response = self.ceremony()
        self.assertTrue(data.is_user_verified())
        self.assertTrue(response.response.authenticator_data.is_user_verified())
        self.assertEqual(response.response.user_handle, b"user")

    def test_verification_by_pin(self):
        self.pin().set_pin("1234")
        data, _ = self.ceremony(pin="1234")
        self.assertTrue(data.is_user_verified())

    def test_without_verification(self):
        data, response = self.ceremony(verification="discouraged", resident="discouraged")
        self.assertFalse(data.is_user_verified())
        self.assertTrue(response.response.authenticator_data.is_user_present())

    def test_a_page_of_another_site_gets_nothing(self):
        self.ceremony()
        with self.assertRaises(ClientError):
            self.client(origin="https://example.com").get_assertion({"challenge": b"c" * 32, "rpId": "example.org"})
