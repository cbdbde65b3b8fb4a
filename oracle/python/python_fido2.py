"""The verdicts of python-fido2."""

from cases import Case, answer, decode
from cryptography.x509 import load_der_x509_certificate
from fido2 import cbor
from fido2.attestation import Attestation, AttestationResult, AttestationVerifier
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationConveyancePreference,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
)


class Anchors(AttestationVerifier):
    """Trusts what one of the case's anchors issued."""

    def __init__(self, anchors: list[bytes]) -> None:
        super().__init__()
        self.anchors = anchors

    def ca_lookup(self, attestation_result: AttestationResult, auth_data: AuthenticatorData) -> bytes | None:
        if not attestation_result.trust_path:
            return None
        issuer = load_der_x509_certificate(attestation_result.trust_path[-1]).issuer
        for anchor in self.anchors:
            if load_der_x509_certificate(anchor).subject == issuer:
                return anchor
        return None


def check_statement(attestation_object: AttestationObject, client_data_hash: bytes) -> None:
    """The statement must hold; where its certificates lead does not matter."""
    form = Attestation.for_type(attestation_object.fmt)()
    form.verify(attestation_object.att_stmt, attestation_object.auth_data, client_data_hash)


def judge(case: Case) -> None:
    """Raises whatever python-fido2 raises."""
    server = Fido2Server(
        PublicKeyCredentialRpEntity(name="Example", id=case.rp_id),
        attestation=AttestationConveyancePreference.DIRECT,
        verify_origin=lambda origin: origin in case.origins,
        verify_attestation=Anchors(case.anchors) if case.trust_required else check_statement,
    )
    state = {"challenge": websafe_encode(case.challenge), "user_verification": case.user_verification}
    if case.kind == "registration":
        server.register_complete(state, case.response)
    else:
        server.authenticate_complete(state, credentials(case), case.response)


def credentials(case: Case) -> list[AttestedCredentialData]:
    """The owner's credentials, as far as they were named to the client."""
    stored = case.stored
    if not stored:
        return []
    credential_id = decode(stored["credentialId"])
    if case.allowed and credential_id not in case.allowed:
        return []
    key = CoseKey.parse(cbor.decode(decode(stored["publicKey"])))
    return [AttestedCredentialData.create(bytes(16), credential_id, key)]


if __name__ == "__main__":
    answer(judge)
