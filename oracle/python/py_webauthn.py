"""The verdicts of py_webauthn."""

from cases import Case, answer, decode
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import AttestationFormat


def judge(case: Case) -> None:
    """Raises whatever py_webauthn raises."""
    if case.kind == "registration":
        register(case)
    else:
        authenticate(case)


def register(case: Case) -> None:
    if case.trust_required:
        verify(case, case.anchors)
        return
    # Given roots are demanded and not only looked at. Without a demand the ceremony is acceptable if the library
    # takes it with the roots or without.
    try:
        verify(case, [])
    except Exception:  # noqa: BLE001: the second answer counts
        verify(case, case.anchors)


def verify(case: Case, anchors: list[bytes]) -> None:
    roots = [load_der_x509_certificate(anchor).public_bytes(Encoding.PEM) for anchor in anchors]
    verify_registration_response(
        credential=case.response,
        expected_challenge=case.challenge,
        expected_rp_id=case.rp_id,
        expected_origin=case.origins,
        require_user_presence=not case.conditional,
        require_user_verification=case.user_verification == "required",
        supported_pub_key_algs=[known for known in COSEAlgorithmIdentifier if known in case.algorithms],
        pem_root_certs_bytes_by_fmt={form: roots for form in AttestationFormat} if roots else None,
    )


def authenticate(case: Case) -> None:
    stored = case.stored or {}
    verify_authentication_response(
        credential=case.response,
        expected_challenge=case.challenge,
        expected_rp_id=case.rp_id,
        expected_origin=case.origins,
        credential_public_key=decode(stored["publicKey"]),
        credential_current_sign_count=stored.get("signCount", 0),
        require_user_verification=case.user_verification == "required",
    )


if __name__ == "__main__":
    answer(judge)
