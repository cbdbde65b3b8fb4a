//! Our authenticator, and somebody in front of it who agrees.

use authenticator::ctap2::{Answer, Step, Transport};
use authenticator::{Credential, Ctap2, MemoryVault, Settings};
use fido::CredentialDescriptor;
use fido::ctap::extensions::{AssertionInputs, PrfInput, Salts};
use fido::ctap::{Status, get_assertion};
use primitives::entropy::SystemEntropy;
use primitives::time::Timestamp;

use crate::{Checked, wire};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

pub(crate) struct Ours(Ctap2<MemoryVault>);

/// A status as [`Ours::approve`] tells it.
pub(crate) fn refusal(status: u8) -> String {
    format!("refused with {:?}", Status::from_byte(status))
}

impl Ours {
    pub(crate) fn new() -> Self {
        Self(Ctap2::new(Settings::keyfob(), MemoryVault::default(), NOW))
    }

    /// The answer to the message if the person agrees to everything.
    pub(crate) fn approve(&mut self, transport: Transport, command: u8, message: &[u8]) -> Checked<Vec<u8>> {
        let request = [&[command], message].concat();
        let mut step = self.0.handle_over(transport, &request, NOW, &mut SystemEntropy);
        if let Step::Ask(_) = step {
            step = self.0.answer(Answer::Approved { verified: true, account: 0 }, NOW, &mut SystemEntropy);
        }
        match step {
            Step::Reply(reply) => match reply.split_first() {
                Some((0, answer)) => Ok(answer.to_vec()),
                Some((status, _)) => Err(refusal(*status)),
                None => Err("no reply".to_owned()),
            },
            Step::Ask(_) => Err("asked twice".to_owned()),
        }
    }

    pub(crate) fn newest(&self) -> Checked<&Credential> {
        self.0.vault().all().last().ok_or_else(|| "no passkey".to_owned())
    }

    pub(crate) fn info(&self, transport: Transport) -> Vec<u8> {
        self.0.info_for(transport)
    }

    /// Both secrets, as they come over hybrid.
    pub(crate) fn prf(&mut self, round: u8, verified: bool, salts: [[u8; 32]; 2]) -> Checked<Vec<u8>> {
        let [first, second] = salts;
        let prf = PrfInput { eval: Some(Salts { first, second: Some(second) }), ..PrfInput::default() };
        let id = self.newest()?.id.clone();
        let request = get_assertion::Request {
            rp_id: wire::SITE.to_owned(),
            client_data_hash: wire::hash(round),
            allow: vec![CredentialDescriptor::new(id, Vec::new())],
            extensions: AssertionInputs { prf: Some(prf), ..AssertionInputs::default() },
            user_presence: true,
            user_verification: verified,
            ..get_assertion::Request::default()
        };
        let reply = self.approve(Transport::Hybrid, 0x02, &request.encode())?;
        let response = get_assertion::Response::parse(&reply).map_err(|refusal| format!("{refusal:?}"))?;
        let secrets = response.prf.and_then(|prf| prf.secrets).ok_or("no secrets")?;
        Ok(secrets.reveal().to_vec())
    }
}
