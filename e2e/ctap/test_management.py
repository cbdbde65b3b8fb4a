"""credentialManagement and authenticatorConfig."""

from key import *
from fido2.ctap2.config import Config
from fido2.ctap2.credman import CredentialManagement as Management

RESULT = Management.RESULT


class Managed(KeyTest):
    def setUp(self):
        super().setUp()
        self.pin().set_pin("1234")

    def create(self, user, rp=RP):
        token = self.token(PERMISSION.MAKE_CREDENTIAL, rp_id=rp["id"])
        return self.make(user, rp, pin_uv_param=PinProtocolV2().authenticate(token, HASH), pin_uv_protocol=2)

    def management(self, protocol=PinProtocolV2):
        return Management(self.ctap, protocol(), self.token(PERMISSION.CREDENTIAL_MGMT, protocol=protocol))

    def users(self, rp_id):
        try:
            found = self.management().enumerate_creds(sha256(rp_id.encode()))
        except CtapError as error:
            self.assertEqual(error.code, ERR.NO_CREDENTIALS)
            return []
        return [one[RESULT.USER]["id"] for one in found]

    def test_what_there_is_is_counted_and_listed(self):
        other = {"id": "example.com", "name": "Other"}
        for user, rp in ((b"one", RP), (b"two", RP), (b"three", other)):
            self.create(user, rp)
        for protocol in (PinProtocolV1, PinProtocolV2):
            management = self.management(protocol)
            counted = management.get_metadata()
            self.assertEqual(counted[RESULT.EXISTING_CRED_COUNT], 3)
            self.assertGreater(counted[RESULT.MAX_REMAINING_COUNT], 0)
            sites = {one[RESULT.RP]["id"]: one[RESULT.RP_ID_HASH] for one in management.enumerate_rps()}
            self.assertEqual(sites, {name: sha256(name.encode()) for name in ("example.org", "example.com")})
        self.assertEqual(sorted(self.users("example.org")), [b"one", b"two"])
        self.assertEqual(self.users("example.com"), [b"three"])

    def test_what_is_listed_is_what_was_made(self):
        made = self.create(b"one")
        found, = self.management().enumerate_creds(sha256(RP["id"].encode()))
        data = made.auth_data.credential_data
        self.assertEqual(found[RESULT.CREDENTIAL_ID], descriptor(data.credential_id))
        self.assertEqual(found[RESULT.PUBLIC_KEY], data.public_key)
        self.assertEqual(found[RESULT.USER]["name"], "one")

    def test_nothing_is_listed_where_nothing_is(self):
        self.assertEqual(self.management().enumerate_rps(), [])
        self.assertEqual(self.users(RP["id"]), [])

    def test_a_passkey_is_deleted(self):
        made = self.create(b"one")
        self.create(b"two")
        self.management().delete_cred(descriptor(made.auth_data.credential_data.credential_id))
        self.assertEqual(self.users(RP["id"]), [b"two"])
        self.key.power_cycle()
        self.assertEqual(self.users(RP["id"]), [b"two"])

    def test_an_unknown_one_is_not(self):
        self.refused(ERR.NO_CREDENTIALS, self.management().delete_cred, descriptor(b"nobody's" * 4))

    def test_names_are_changed(self):
        made = self.create(b"one")
        mine = descriptor(made.auth_data.credential_data.credential_id)
        self.management().update_user_info(mine, {"id": b"one", "name": "uno", "displayName": "Uno"})
        found, = self.management().enumerate_creds(sha256(RP["id"].encode()))
        self.assertEqual((found[RESULT.USER]["name"], found[RESULT.USER]["displayName"]), ("uno", "Uno"))

    def test_a_token_for_something_else_is_refused(self):
        wrong = Management(self.ctap, PinProtocolV2(), self.token(PERMISSION.AUTHENTICATOR_CFG))
        self.refused(ERR.PIN_AUTH_INVALID, wrong.get_metadata)


class Configured(KeyTest):
    def setUp(self):
        super().setUp()
        self.pin().set_pin("1234")

    def config(self, pin="1234"):
        return Config(self.ctap, PinProtocolV2(), self.token(PERMISSION.AUTHENTICATOR_CFG, pin))

    def test_always_uv_is_switched_and_kept(self):
        self.config().toggle_always_uv()
        self.assertTrue(self.ctap.get_info().options["alwaysUv"])
        self.key.power_cycle()
        self.assertTrue(self.ctap.get_info().options["alwaysUv"])
        self.config().toggle_always_uv()
        self.assertFalse(self.ctap.get_info().options["alwaysUv"])

    def test_a_longer_pin_is_demanded(self):
        self.config().set_min_pin_length(6)
        info = self.ctap.get_info()
        self.assertEqual((info.min_pin_length, info.force_pin_change), (6, True))
        self.pin().change_pin("1234", "123456")
        self.assertFalse(self.ctap.get_info().force_pin_change)
        self.refused(ERR.PIN_POLICY_VIOLATION, self.config("123456").set_min_pin_length, 4)

    def test_enterprise_attestation_is_not_offered(self):
        self.assertNotIn("ep", self.ctap.info.options)
        with self.assertRaises(CtapError):
            self.config().enable_enterprise_attestation()
