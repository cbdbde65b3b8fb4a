"""Extensions and large blobs, by the client's own processing of them."""

from key import *
from fido2.ctap2.blob import LargeBlobs
from fido2.webauthn import PublicKeyCredentialCreationOptions, PublicKeyCredentialRequestOptions


class Extensions(KeyTest):
    def create(self, extensions, pin=None, user=b"user", verification="required"):
        return self.client(pin).make_credential(PublicKeyCredentialCreationOptions.from_dict({
            "rp": RP, "user": {"id": user, "name": "user", "displayName": "User"}, "challenge": b"c" * 32,
            "pubKeyCredParams": params(ES256),
            "authenticatorSelection": {"residentKey": "required", "userVerification": verification},
            "extensions": extensions,
        }))

    def get(self, extensions, pin=None, credential=None, verification="required"):
        options = {
            "challenge": b"d" * 32, "rpId": RP["id"], "userVerification": verification, "extensions": extensions,
        }
        if credential is not None:
            options["allowCredentials"] = [descriptor(credential)]
        found = self.client(pin).get_assertion(PublicKeyCredentialRequestOptions.from_dict(options))
        return found.get_response(0)

    def test_prf_gives_the_same_secret_for_the_same_salt(self):
        for pin in (None, "1234"):
            if pin:
                self.pin().set_pin(pin)
            made = self.create({"prf": {}}, pin)
            self.assertTrue(made.client_extension_results["prf"]["enabled"])

            def secrets(first, second):
                values = {"prf": {"eval": {"first": first, "second": second}}}
                return self.get(values, pin).client_extension_results["prf"]["results"]

            once, again = secrets(b"a", b"b"), secrets(b"b", b"a")
            self.assertEqual(len(websafe_decode(once["first"])), 32)
            self.assertEqual((once["first"], once["second"]), (again["second"], again["first"]))
            self.assertNotEqual(once["first"], once["second"])

    def test_hmac_secret_depends_on_verification_and_survives_the_power_cycle(self):
        made = self.create({"hmacCreateSecret": True})
        self.assertTrue(made.client_extension_results["hmacCreateSecret"])

        def secret(verification):
            values = {"hmacGetSecret": {"salt1": b"s" * 32}}
            got = self.get(values, credential=made.raw_id, verification=verification)
            return got.client_extension_results["hmacGetSecret"]["output1"]

        verified, unverified = secret("required"), secret("discouraged")
        self.assertNotEqual(verified, unverified)
        self.key.power_cycle()
        self.assertEqual((verified, unverified), (secret("required"), secret("discouraged")))

    def test_cred_blob(self):
        made = self.create({"credBlob": b"thirty-two bytes at the very most"[:32]})
        self.assertTrue(made.response.attestation_object.auth_data.extensions["credBlob"])
        got = self.get({"getCredBlob": True})
        self.assertEqual(got.response.authenticator_data.extensions["credBlob"], b"thirty-two bytes at the very most"[:32])

    def test_cred_protect_hides_a_passkey_until_the_person_is_verified(self):
        made = self.make(extensions={"credProtect": 3})
        mine = [descriptor(made.auth_data.credential_data.credential_id)]
        self.assertEqual(made.auth_data.extensions["credProtect"], 3)
        self.refused(ERR.NO_CREDENTIALS, self.ctap.get_assertion, RP["id"], HASH, mine)
        token = self.pin().get_uv_token(PERMISSION.GET_ASSERTION, RP["id"])
        self.ctap.get_assertion(
            RP["id"], HASH, mine, pin_uv_param=PinProtocolV2().authenticate(token, HASH), pin_uv_protocol=2)

    def test_cred_protect_with_its_id_alone(self):
        made = self.make(extensions={"credProtect": 2})
        mine = [descriptor(made.auth_data.credential_data.credential_id)]
        self.refused(ERR.NO_CREDENTIALS, self.ctap.get_assertion, RP["id"], HASH)
        self.ctap.get_assertion(RP["id"], HASH, mine)

    def test_min_pin_length_is_told_to_whom_it_may(self):
        from fido2.ctap2.config import Config
        self.pin().set_pin("123456")
        config = Config(self.ctap, PinProtocolV2(), self.token(PERMISSION.AUTHENTICATOR_CFG, "123456"))
        config.set_min_pin_length(6, [RP["id"]])
        made = self.create({"minPinLength": True}, "123456")
        self.assertEqual(made.response.attestation_object.auth_data.extensions["minPinLength"], 6)

    def test_large_blob_through_the_client(self):
        for pin in (None, "1234"):
            if pin:
                self.pin().set_pin(pin)
            made = self.create({"largeBlob": {"support": "required"}}, pin, user=str(pin).encode())
            self.assertTrue(made.client_extension_results["largeBlob"]["supported"])
            written = self.get({"largeBlob": {"write": b"a letter " * 20}}, pin, made.raw_id)
            self.assertTrue(written.client_extension_results["largeBlob"]["written"])
            read = self.get({"largeBlob": {"read": True}}, pin, made.raw_id)
            self.assertEqual(websafe_decode(read.client_extension_results["largeBlob"]["blob"]), b"a letter " * 20)


class Blobs(KeyTest):
    def blobs(self):
        return LargeBlobs(self.ctap, PinProtocolV2(), self.token(PERMISSION.LARGE_BLOB_WRITE))

    def setUp(self):
        super().setUp()
        self.pin().set_pin("1234")

    def test_several_with_keys_of_their_own(self):
        one, two = b"1" * 32, b"2" * 32
        self.blobs().put_blob(one, b"first")
        self.blobs().put_blob(two, b"second" * 100)
        self.key.power_cycle()
        self.assertEqual(self.blobs().get_blob(one), b"first")
        self.assertEqual(self.blobs().get_blob(two), b"second" * 100)
        self.blobs().delete_blob(one)
        self.assertIsNone(self.blobs().get_blob(one))

    def test_in_several_fragments(self):
        # What does not compress needs more than one message.
        import os
        letter = os.urandom(self.ctap.info.max_large_blob - 200)
        self.blobs().put_blob(b"1" * 32, letter)
        self.assertEqual(self.blobs().get_blob(b"1" * 32), letter)

    def test_more_than_there_is_room_for_is_refused(self):
        import os
        self.refused(ERR.LARGE_BLOB_STORAGE_FULL, self.blobs().put_blob, b"1" * 32,
                     os.urandom(self.ctap.info.max_large_blob + 100))

    def test_without_a_token_nothing_is_written(self):
        self.refused(ERR.PUAT_REQUIRED, self.ctap.large_blobs, 0, set=b"\x80" + b"\0" * 16, length=17)
