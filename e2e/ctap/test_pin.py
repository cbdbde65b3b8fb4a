"""clientPIN with both protocols, the lockout to the exact try, and what a token allows."""

from key import *


class Pin:
    """What holds with both protocols."""

    protocol = None

    def say(self, pin, code):
        self.refused(code, self.pin(self.protocol).get_pin_token, pin, PERMISSION.GET_ASSERTION, RP["id"])

    def retries(self):
        return self.pin(self.protocol).get_pin_retries()[0]

    def test_set_use_and_change(self):
        pin = self.pin(self.protocol)
        pin.set_pin("1234")
        self.assertTrue(self.ctap.get_info().options["clientPin"])
        self.assertEqual(len(pin.get_pin_token("1234", PERMISSION.GET_ASSERTION, RP["id"])), 32)
        pin.change_pin("1234", "grüße aus Köln")
        self.say("1234", ERR.PIN_INVALID)
        self.assertEqual(len(pin.get_pin_token("grüße aus Köln", PERMISSION.GET_ASSERTION, RP["id"])), 32)

    def test_it_is_set_once(self):
        self.pin(self.protocol).set_pin("1234")
        self.refused(ERR.PIN_AUTH_INVALID, self.pin(self.protocol).set_pin, "9999")
        self.pin(self.protocol).get_pin_token("1234", PERMISSION.GET_ASSERTION, RP["id"])

    def test_without_one_there_is_no_token(self):
        self.say("1234", ERR.PIN_NOT_SET)

    def test_short_and_long_ones_are_refused(self):
        pin = self.pin(self.protocol)
        self.refused(ERR.PIN_POLICY_VIOLATION, self.short, pin)
        pin.set_pin("x" * 63)
        pin.get_pin_token("x" * 63, PERMISSION.GET_ASSERTION, RP["id"])

    def short(self, pin):
        """python-fido2 would not even send it."""
        key_agreement, shared = pin._get_shared_secret()
        encrypted = pin.protocol.encrypt(shared, b"123".ljust(64, b"\0"))
        self.ctap.client_pin(
            pin.protocol.VERSION, ClientPin.CMD.SET_PIN, key_agreement=key_agreement, new_pin_enc=encrypted,
            pin_uv_param=pin.protocol.authenticate(shared, encrypted))

    def test_three_wrong_ones_block_until_the_power_cycle_and_eight_until_the_reset(self):
        self.pin(self.protocol).set_pin("1234")
        self.assertEqual(self.retries(), 8)
        left = 8
        for in_a_row in (3, 3, 2):
            for attempt in range(1, in_a_row + 1):
                left -= 1
                last_of_all, last_in_a_row = left == 0, attempt == 3
                self.say("0000", ERR.PIN_BLOCKED if last_of_all else
                         ERR.PIN_AUTH_BLOCKED if last_in_a_row else ERR.PIN_INVALID)
                self.assertEqual(self.retries(), left)
            # Not even the right one helps.
            self.say("1234", ERR.PIN_BLOCKED if left == 0 else ERR.PIN_AUTH_BLOCKED)
            self.assertEqual(self.retries(), left)
            self.key.power_cycle()
        self.say("1234", ERR.PIN_BLOCKED)
        self.ctap.reset()
        self.assertEqual(self.retries(), 8)
        self.pin(self.protocol).set_pin("1234")

    def test_the_right_one_forgives_the_wrong_ones(self):
        self.pin(self.protocol).set_pin("1234")
        self.say("0000", ERR.PIN_INVALID)
        self.say("0000", ERR.PIN_INVALID)
        self.pin(self.protocol).get_pin_token("1234", PERMISSION.GET_ASSERTION, RP["id"])
        self.assertEqual(self.retries(), 8)

    def test_it_survives_the_power_cycle(self):
        self.pin(self.protocol).set_pin("1234")
        self.say("0000", ERR.PIN_INVALID)
        self.key.power_cycle()
        self.assertEqual(self.retries(), 7)
        self.pin(self.protocol).get_pin_token("1234", PERMISSION.GET_ASSERTION, RP["id"])

    def authenticated(self, token):
        protocol = self.protocol()
        return {"pin_uv_param": protocol.authenticate(token, HASH), "pin_uv_protocol": protocol.VERSION}

    def test_a_token_verifies_the_person(self):
        self.pin(self.protocol).set_pin("1234")
        token = self.token(PERMISSION.MAKE_CREDENTIAL, rp_id=RP["id"], protocol=self.protocol)
        made = self.make(**self.authenticated(token))
        self.assertTrue(made.auth_data.is_user_verified())
        token = self.token(PERMISSION.GET_ASSERTION, rp_id=RP["id"], protocol=self.protocol)
        got = self.ctap.get_assertion(RP["id"], HASH, **self.authenticated(token))
        self.assertTrue(got.auth_data.is_user_verified())

    def test_a_token_holds_for_its_site_and_its_permissions_alone(self):
        self.pin(self.protocol).set_pin("1234")
        token = self.token(PERMISSION.GET_ASSERTION, rp_id=RP["id"], protocol=self.protocol)
        self.refused(ERR.PIN_AUTH_INVALID, self.make, **self.authenticated(token))
        token = self.token(PERMISSION.MAKE_CREDENTIAL, rp_id="example.com", protocol=self.protocol)
        self.refused(ERR.PIN_AUTH_INVALID, self.make, **self.authenticated(token))

    def test_a_forged_token_is_refused(self):
        self.pin(self.protocol).set_pin("1234")
        self.token(PERMISSION.MAKE_CREDENTIAL, rp_id=RP["id"], protocol=self.protocol)
        self.refused(ERR.PIN_AUTH_INVALID, self.make, **self.authenticated(b"\7" * 32))

    def test_the_key_itself_may_verify_instead(self):
        token = self.pin(self.protocol).get_uv_token(PERMISSION.MAKE_CREDENTIAL, RP["id"])
        self.assertTrue(self.make(**self.authenticated(token)).auth_data.is_user_verified())


class One(Pin, KeyTest):
    protocol = PinProtocolV1


class Two(Pin, KeyTest):
    protocol = PinProtocolV2


class Neither(KeyTest):
    def test_another_protocol_is_refused(self):
        self.refused(ERR.INVALID_PARAMETER, self.ctap.client_pin, 3, ClientPin.CMD.GET_KEY_AGREEMENT)

    def test_another_subcommand_is_refused(self):
        for subcommand in (0x00, 0x08, 0x7f):
            self.refused(ERR.INVALID_SUBCOMMAND, self.ctap.client_pin, 2, subcommand)


del Pin  # It is no test by itself.
