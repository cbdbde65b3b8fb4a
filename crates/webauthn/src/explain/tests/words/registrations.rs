//! Registrations.

use authenticator::attestation::android_key::SecurityLevel;

use super::*;

fn none() -> Registration {
    Registration::new(Settings::security_key())
}

fn certified() -> Registration {
    Registration::new(Settings::security_key().attested_by(&testing::authority()))
}

fn root() -> Certificate {
    Certificate::parse(testing::authority().root()).unwrap()
}

/// A certificate with that subject, for its words only.
fn named(subject: primitives::x509::Name<'_>) -> Certificate {
    let key = primitives::cose::SigningKey::from_seed(Algorithm::Es256, &[3; 32]).unwrap();
    Certificate::parse(
        &primitives::x509::Issue::new(primitives::x509::Name::EMPTY, subject, key.public_key()).sign(&key),
    )
    .unwrap()
}

pub(super) fn all(said: &mut Said) {
    accepted(said);
    answers(said);
    for (name, change) in CHANGES {
        let mut ceremony = none();
        change(&mut ceremony);
        said.add(name, &registration(&ceremony));
    }
    keys(said);
    attestations(said);
    trust(said);
}

fn accepted(said: &mut Said) {
    said.add_in_full("without attestation", &registration(&none()));
    said.add_in_full("attesting itself", &registration(&Registration::new(testing::self_signed())));
    let mut ceremony = certified();
    said.add_in_full("attested, without anchor", &registration(&ceremony));
    ceremony.anchors = vec![root().into()];
    ceremony.require_trust = true;
    said.add_in_full("attested and trusted", &registration(&ceremony));
    let formats = [Format::Packed, Format::Apple];
    let compound = Registration::new(Settings::security_key().attesting(&formats, &testing::authority()));
    said.add_in_full("compound", &registration(&compound));
    let mut ceremony = none();
    ceremony.flags &= !(UP | UV);
    ceremony.state.user_verification = fido::options::UserVerification::Preferred;
    ceremony.state.mediation = crate::Mediation::Conditional;
    said.add_in_full("silent", &registration(&ceremony));
    let mut case = registration(&none());
    case["options"]["userVerification"] = "discouraged".into();
    case["options"]["alreadyRegisteredCredentialIds"] = json!(["AAAA", "BBBB"]);
    said.add_in_full("beside two others", &case);
    let mut synced = Registration::new(Settings::synced());
    said.add_in_full("synced", &registration(&synced));
    synced.flags &= !BS;
    said.add_in_full("not yet synced", &registration(&synced));
}

fn answers(said: &mut Said) {
    let valid = registration(&none());
    let mut unsaid = valid.clone();
    unsaid["options"].as_object_mut().unwrap().remove("pubKeyCredParams");
    said.add_in_full("without a word about algorithms", &unsaid);
    let changes: [Change<Value>; 8] = [
        ("an answer that is a list", |case| case["response"] = json!([])),
        ("an answer without members", |case| case["response"] = json!({})),
        ("another id", |case| case["response"]["id"] = "AAAA".into()),
        ("a wrong extension output", |case| {
            case["response"]["clientExtensionResults"] = json!({ "credProps": 1 });
        }),
        ("registered already", |case| {
            let id = case["response"]["id"].clone();
            case["options"]["alreadyRegisteredCredentialIds"] = json!(["AAAA", id]);
        }),
        ("another algorithm was offered", |case| case["options"]["pubKeyCredParams"] = json!([-8, -257])),
        ("no algorithm was offered", |case| case["options"]["pubKeyCredParams"] = json!([])),
        ("an attestation object that is none", |case| {
            case["response"]["response"]["attestationObject"] = "gIA".into();
        }),
    ];
    for (name, change) in changes {
        let mut case = valid.clone();
        change(&mut case);
        said.add(name, &case);
    }
    let text = valid.to_string().replacen("\"id\":", "\"type\":\"public-key\",\"id\":", 1);
    let explained = super::super::super::case(&text, testing::now());
    writeln!(said.text, "# a member twice\n{}", explained.explanation()).unwrap();
}

/// Changes to a registration without attestation.
const CHANGES: [Change<Registration>; 26] = [
    ("client data cut off", |c| c.client_data.truncate(10)),
    ("client data in no UTF-8", |c| c.client_data.push(0xff)),
    ("a list as client data", |c| c.client_data = b"[]".to_vec()),
    ("client data without members", |c| c.client_data = b"{}".to_vec()),
    ("another type", |c| c.client_data(|data| data["type"] = "webauthn.get".into())),
    ("another challenge", |c| c.client_data(|data| data["challenge"] = "AAAA".into())),
    ("the challenge with padding", |c| {
        c.client_data(|data| data["challenge"] = format!("{}=", data["challenge"].as_str().unwrap()).into());
    }),
    ("the challenge in the other alphabet", |c| {
        c.state.challenge = Base64Url(vec![0xfb, 0xff, 0xbe]);
        c.client_data(|data| data["challenge"] = "+/++".into());
    }),
    ("the challenge of this ceremony", |c| {
        c.state.challenge = Base64Url(vec![0xfb, 0xff, 0xbe]);
        c.client_data(|data| data["challenge"] = "-_--".into());
    }),
    ("a statement for none", |c| c.statement(vec![("alg", Cbor::Integer(-7))])),
    ("a statement that is a list", |c| c.statement = vec![0x80]),
    ("an unknown format", |c| c.format = "other".into()),
    ("something after the key", |c| c.after_key = vec![0]),
    ("extensions that are none", |c| (c.flags, c.after_key) = (c.flags | ED, vec![1])),
    ("extensions in no CBOR", |c| (c.flags, c.after_key) = (c.flags | ED, vec![0xbf, 0xff])),
    ("no credential", |c| c.flags &= !AT),
    ("an empty credential id", |c| c.credential_id = Vec::new()),
    ("another credential id", |c| c.response_id = vec![1; 16]),
    ("the RP ID of the page", |c| c.rp_id_hash = digest::sha256(b"id.example.org")),
    ("the RP ID above", |c| c.rp_id_hash = digest::sha256(b"org")),
    ("localhost as RP ID", |c| c.rp_id_hash = digest::sha256(b"localhost")),
    ("an unknown RP ID", |c| c.rp_id_hash = [0xab; 32]),
    ("nobody there", |c| c.flags &= !UP),
    ("not verified", |c| c.flags &= !UV),
    ("backed up and not eligible", |c| c.flags |= BS),
    ("backed up", |c| c.flags |= BS | BE),
];

fn keys(said: &mut Said) {
    let mut ceremony = none();
    *ceremony.public_key.last_mut().unwrap() ^= 1;
    said.add("a point off its curve", &registration(&ceremony));
    ceremony.public_key = vec![0xa0];
    said.add("a key without algorithm", &registration(&ceremony));
    // Ed448, offered by a configuration that knows more than we do.
    ceremony.public_key = testing::bytes("owEBAzg0IAc");
    ceremony.state.algorithms = vec![-53];
    said.add("an algorithm that is not ours", &registration(&ceremony));
    // RS256 with a modulus of eight bits: {1: 3, 3: -257, -1: h'81', -2: h'010001'}.
    ceremony.public_key = vec![0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x41, 0x81, 0x21, 0x43, 1, 0, 1];
    ceremony.state.algorithms = vec![-257];
    said.add("a small RSA key", &registration(&ceremony));
    ceremony.public_key = vec![0xbf, 0xff];
    said.add("a key in no canonical CBOR", &registration(&ceremony));
}

fn attestations(said: &mut Said) {
    let mut ceremony = Registration::new(testing::self_signed());
    ceremony.sign_count += 1;
    said.add("signed over something else by itself", &registration(&ceremony));
    ceremony.statement(vec![("alg", Cbor::Integer(-257)), ("sig", Cbor::Bytes(&[0]))]);
    said.add("an attestation by itself and another algorithm", &registration(&ceremony));
    let mut ceremony = certified();
    ceremony.sign_count += 1;
    said.add("signed over something else", &registration(&ceremony));
    let x5c = |alg: i64, der: &[u8]| {
        let mut ceremony = none();
        ceremony.format = "packed".into();
        let chain = Cbor::Array(vec![Cbor::Bytes(der)]);
        ceremony.statement(vec![("alg", Cbor::Integer(alg)), ("sig", Cbor::Bytes(&[0])), ("x5c", chain)]);
        registration(&ceremony)
    };
    said.add("a certificate that is none", &x5c(-7, &[0x30, 0]));
    said.add("the authority's own certificate", &x5c(-7, root().der()));
    said.add("an attestation by an unknown algorithm", &x5c(-65_535, root().der()));
    let mut ceremony = certified();
    ceremony.aaguid = std::array::from_fn(|place| u8::try_from(place * 17).unwrap());
    said.add("another model, so another signature", &registration(&ceremony));
    for format in [Format::Tpm, Format::Apple, Format::FidoU2f] {
        let settings = Settings::security_key().attesting(&[format], &testing::authority());
        let mut ceremony = Registration::new(settings);
        said.add(&format!("{format:?}"), &registration(&ceremony));
        ceremony.sign_count += 1;
        ceremony.aaguid = [0xab; 16];
        said.add(&format!("{format:?} over something else"), &registration(&ceremony));
    }
    hardware(said);
}

/// Certificates that say that no hardware holds the key.
fn hardware(said: &mut Said) {
    let attesting =
        |format| Registration::new(Settings::security_key().attesting(&[format], &testing::authority()));
    let software = attesting(Format::AndroidKey(SecurityLevel::Software));
    said.add("an Android key in software", &registration(&software));
    let mut tpm = attesting(Format::Tpm);
    // Nothing but a path to an anchor would notice that the certificate's signature does not fit any more.
    let (from, to) = (b"id:4D534654", b"id:41414141");
    let at = tpm.statement.windows(from.len()).position(|window| window == from).unwrap();
    tpm.statement[at..at + to.len()].copy_from_slice(to);
    said.add("a TPM by nobody", &registration(&tpm));
}

fn trust(said: &mut Said) {
    let required = |mut ceremony: Registration, anchors: Vec<Certificate>| {
        ceremony.require_trust = true;
        ceremony.anchors = anchors.into_iter().map(Into::into).collect();
        registration(&ceremony)
    };
    said.add("trust without attestation", &required(none(), vec![root()]));
    said.add("trust in itself", &required(Registration::new(testing::self_signed()), vec![root()]));
    said.add("trust without anchors", &required(certified(), Vec::new()));
    let subject = primitives::x509::Name {
        country: "DE",
        organization: "Organisation",
        organizational_unit: "Unit",
        common_name: "Another root",
    };
    let common = named(subject);
    said.add("another anchor", &required(certified(), vec![common.clone()]));
    said.add("two other anchors", &required(certified(), vec![common.clone(), common.clone()]));
    let four = vec![named(primitives::x509::Name::EMPTY), common.clone(), common.clone(), common.clone()];
    said.add("four other anchors", &required(certified(), four.clone()));
    said.add("five other anchors", &required(certified(), [four, vec![common]].concat()));
    let mut late = required(certified(), vec![root()]);
    late["rp"]["now"] = "2060-01-01T00:00:00Z".into();
    said.add("trust too late", &late);
}
