//! Passes by mail to a private address, in two mails: one says what to do, the other holds the pass and no name.
//!
//! The value waits in the queue sealed together with its address and leaves it when the mail was handed over; a pass that
//! ended or was replaced meanwhile is not sent at all.

use account::audit::{Actor, EventKind};
use account::pass_mail::{Delivery, Part, PassMail};
use account::temporary_pass::{Pass, PassId, Usability};
use account::user::User;
use primitives::entropy::Entropy;
use primitives::id::Id;
use primitives::keys::KeyRing;
use primitives::seal;
use primitives::secret::SecretText;
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, pass_mails, temporary_passes, users};

use crate::context::{Caller, Context};
use crate::events::Pen;
use crate::notify::LEASE;
use crate::order_pass::OrderError;

/// What the seal is for.
const SEAL: &str = "keyward pass mail v1";

/// Mails that a node takes upon itself at once.
const AT_ONCE: u32 = 4;

/// What is sealed into a row.
#[derive(Serialize, Deserialize)]
struct Contents {
    to: String,
    /// Absent in the mail that says what to do.
    value: Option<String>,
}

/// Where a pass for that person would be mailed to: the private address and no other, for the organisation's mailbox is
/// what the person cannot open yet.
pub(crate) fn address_of(user: &User) -> Result<&str, OrderError> {
    user.directory.private_email.as_deref().ok_or(OrderError::PrivateAddressMissing)
}

/// Puts both mails into the queue, in the commit of the pass.
pub(crate) fn post(
    tx: &mut Tx<'_>,
    now: Timestamp,
    user: &User,
    (pass, value): (&Pass, &SecretText),
    ids: &mut dyn Entropy,
) -> Result<(), OrderError> {
    let to = address_of(user)?;
    for part in [Part::Instructions, Part::Pass] {
        let id = Id::new(now, ids);
        // Revealed to be sealed.
        let value = (part == Part::Pass).then(|| value.reveal().to_owned());
        let contents = Contents { to: to.to_owned(), value };
        let text = serde_json::to_vec(&contents).map_err(|error| StoreError::Database(error.to_string()))?;
        let sealed = seal::seal(tx.keys(), SEAL, id.as_bytes(), &text, now, ids);
        let mail = PassMail {
            id,
            user: user.id,
            pass: pass.id,
            part,
            sealed: Some(sealed),
            at: now,
            delivery: Delivery::Waiting,
            attempts: 0,
            error: None,
        };
        pass_mails::insert(tx, &mail)?;
    }
    Ok(())
}

fn open(keys: &KeyRing, mail: &PassMail) -> Option<Contents> {
    let opened = seal::open(keys, SEAL, mail.id.as_bytes(), mail.sealed.as_deref()?).ok()?;
    serde_json::from_slice(&opened).ok()
}

/// A mail that this node has taken upon itself.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The mail.
    pub mail: PassMail,
    /// Where it goes.
    pub to: String,
    /// For whom.
    pub user: User,
    /// The pass.
    pub pass: Pass,
    /// Its value, in the one mail that holds it.
    pub value: Option<SecretText>,
}

/// Takes mails that are due for the node that `holder` names. What is about a pass that ended is stopped instead.
pub async fn claim(cx: &Context, holder: [u8; 16]) -> Result<Vec<Outgoing>, StoreError> {
    if !cx.db.read(pass_mails::is_due).await? {
        return Ok(Vec::new());
    }
    let settings = cx.settings();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let mut outgoing = Vec::new();
            for mail in pass_mails::claim(tx, &holder, LEASE, AT_ONCE)? {
                let user = users::by_id(tx, mail.user)?;
                let pass = temporary_passes::by_id(tx, mail.pass)?;
                let opened = open(tx.keys(), &mail);
                let (Some(user), Some(pass), Some(Contents { to, value })) = (user, pass, opened) else {
                    pass_mails::stop(tx, mail.pass)?;
                    continue;
                };
                let stands = pass.usability(now, &settings.of(&user).passes);
                if !matches!(stands, Usability::Usable | Usability::NotYetValid { .. }) {
                    pass_mails::stop(tx, pass.id)?;
                    continue;
                }
                outgoing.push(Outgoing { mail, to, user, pass, value: value.map(SecretText::new) });
            }
            Ok(outgoing)
        })
        .await
}

/// The mail was taken; `false` if it took so long that another node has it.
pub async fn sent(
    cx: &Context,
    caller: &mut Caller,
    holder: [u8; 16],
    out: &Outgoing,
) -> Result<bool, StoreError> {
    let pen = Pen::new(caller, Actor::System);
    let (id, pass, user) = (out.mail.id, out.pass.id, out.user.id);
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            if !pass_mails::sent(tx, id, &holder)? {
                return Ok(false);
            }
            let all = pass_mails::of_pass(tx, pass)?;
            if all.iter().all(|mail| mail.delivery == Delivery::Sent) {
                let kind = EventKind::PassMailed { pass, sent: true };
                pen.clone().write(tx, now, Some(user), kind)?;
            }
            Ok(true)
        })
        .await
}

/// The mail was not taken. It is tried again while the pass lives; says whether it is given up.
pub async fn not_sent(
    cx: &Context,
    caller: &mut Caller,
    holder: [u8; 16],
    (out, error): (&Outgoing, &str),
) -> Result<bool, StoreError> {
    let pen = Pen::new(caller, Actor::System);
    let (mail, ends, user, error) = (out.mail.clone(), out.pass.ends, out.user.id, error.to_owned());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let given_up = pass_mails::not_sent(tx, &mail, &holder, (&error, ends))?.unwrap_or(false);
            if given_up {
                let kind = EventKind::PassMailed { pass: mail.pass, sent: false };
                pen.clone().write(tx, now, Some(user), kind)?;
            }
            Ok(given_up)
        })
        .await
}

/// How the mails of a pass stand; none where it did not go by mail.
pub async fn of_pass(cx: &Context, pass: PassId) -> Result<Vec<PassMail>, StoreError> {
    cx.db.read(move |tx| pass_mails::of_pass(tx, pass)).await
}
