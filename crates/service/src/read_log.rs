//! The log of a whole organisation, for those who may read it (screens AL-1 and AL-2).
//!
//! What is asked for is found by the index that fits it, and what no index knows is looked through in turns; after so
//! many of them the page ends where it is, says how far back it came, and the next page goes on from there. So no
//! question takes longer than another, however little it finds.

use std::collections::BTreeMap;

use account::audit::{Actor, Event, EventId};
use account::model::Aaguid;
use account::passkey::PasskeyId;
use account::role::{Permission, Role};
use account::session::ClientLabel;
use account::sign_in_log::{self, Method, Outcome};
use account::strength::Strength;
use account::user::{Login, User, UserId};
use primitives::time::Timestamp;
use store::audit::Entry;
use store::audit::log::{self, By, Range};
use store::{StoreError, Tx, passkeys, users};

use crate::context::Context;
use crate::read_history::network;

mod detail;
mod filter;

pub use detail::{Detail, entry};
pub use filter::{Filter, Show};

/// Events that one turn looks through.
const TURN: u32 = 500;
/// Turns of a page.
const TURNS: u32 = 20;
/// Lines of a page at most.
pub const MOST: u32 = 200;

/// With whose eyes the log is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// The operator's.
    Everything,
    /// Somebody's of that role. Addresses and free texts of people whom that role may not help are shortened or left out.
    Of(Role),
}

impl Sight {
    /// Whether personal data of somebody of that role are seen; `None` is somebody who is not known here.
    pub fn sees(self, subject: Option<Role>) -> bool {
        match self {
            Sight::Everything => true,
            Sight::Of(role) => role.may_to(Permission::IssuePasses, subject.unwrap_or(Role::User)),
        }
    }
}

/// Somebody whom a line names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub id: UserId,
    /// As what they sign in.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
}

impl From<&User> for Person {
    fn from(user: &User) -> Self {
        Self { id: user.id, login: user.login.shown().to_owned(), name: user.name.clone(), role: user.role }
    }
}

/// A passkey that a line names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyShown {
    /// Its id.
    pub id: PasskeyId,
    /// What its owner calls it; unknown once it is removed.
    pub name: Option<String>,
    /// The model that it says it is.
    pub model: Option<Aaguid>,
    /// Whether a trusted attestation says so too.
    pub attested: bool,
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What happened, with as much of people's data as the reader may see.
    pub event: Event,
    /// Its number, once it has one.
    pub seq: Option<i64>,
    /// What came of it.
    pub outcome: Outcome,
    /// With what.
    pub methods: Vec<Method>,
    /// How strong it was.
    pub strength: Option<Strength>,
    /// Whom it happened to.
    pub person: Option<Person>,
    /// Who did it, where that was another person.
    pub by: Option<Person>,
    /// The passkey that was used or tried.
    pub passkey: Option<PasskeyShown>,
    /// People's data were erased from it.
    pub erased: bool,
    /// The reader's role does not see all of it.
    pub redacted: bool,
}

/// A page of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub lines: Vec<Line>,
    /// Behind which event the next page goes on, if there may be one.
    pub next: Option<EventId>,
    /// How far back it was looked, where the page ended before it was full.
    pub reached: Option<Timestamp>,
}

/// A page of what the filter lets through, from behind `before`, at most `limit` lines.
pub async fn page(
    cx: &Context,
    sight: Sight,
    filter: &Filter,
    before: Option<EventId>,
    limit: u32,
) -> Result<Page, StoreError> {
    look(cx, sight, filter, Bounds { before, limit: limit.clamp(1, MOST), turns: TURNS }).await
}

/// The newest lines that the filter lets through, in one turn: for a page that follows the log.
pub async fn follow(
    cx: &Context,
    sight: Sight,
    filter: &Filter,
    limit: u32,
) -> Result<Vec<Line>, StoreError> {
    let bounds = Bounds { before: None, limit: limit.clamp(1, MOST), turns: 1 };
    Ok(look(cx, sight, filter, bounds).await?.lines)
}

/// Whose login that is, in whatever spelling.
pub async fn person_of(cx: &Context, login: Login) -> Result<Option<UserId>, StoreError> {
    cx.db.read(move |tx| Ok(users::by_login(tx, &login)?.map(|user| user.id))).await
}

#[derive(Clone, Copy)]
struct Bounds {
    before: Option<EventId>,
    limit: u32,
    turns: u32,
}

async fn look(cx: &Context, sight: Sight, filter: &Filter, bounds: Bounds) -> Result<Page, StoreError> {
    let filter = settled(cx, filter).await?;
    let limit = usize::try_from(bounds.limit).unwrap_or(usize::MAX);
    let (mut lines, mut cursor) = (Vec::new(), bounds.before);
    if let (Some(reference), None) = (&filter.reference, bounds.before) {
        lines = referred(cx, sight, &filter, reference.clone()).await?;
    }
    let by = filter.by();
    for _ in 0..bounds.turns {
        let turn = Turn {
            sight,
            filter: filter.clone(),
            by: by.clone(),
            cursor,
            wanted: limit - lines.len().min(limit),
        };
        let found = cx.db.read(move |tx| turn.take(tx)).await?;
        lines.extend(found.lines);
        cursor = found.cursor;
        if found.full || found.end {
            let next = cursor.filter(|_| found.full);
            return Ok(Page { lines, next, reached: None });
        }
    }
    let reached = cursor.map(|id| time_of(&id));
    Ok(Page { lines, next: cursor, reached })
}

/// What stands under a reference and is no sign-in with a passkey: those are found by their time.
async fn referred(
    cx: &Context,
    sight: Sight,
    filter: &Filter,
    reference: String,
) -> Result<Vec<Line>, StoreError> {
    let filter = filter.clone();
    cx.db
        .read(move |tx| {
            let range = Range::of(filter.from, filter.until);
            let mut reader = Reader::new(sight);
            let mut lines = Vec::new();
            for entry in log::newest(tx, &By::Reference(reference.clone()), range, MOST)? {
                if entry.event.kind.name() != "signed_in" && filter.lets(&entry.event) {
                    lines.extend(reader.shown_if(tx, entry, &filter)?);
                }
            }
            Ok(lines)
        })
        .await
}

/// A filter by a passkey is one by its owner as well, for whom there is an index.
async fn settled(cx: &Context, filter: &Filter) -> Result<Filter, StoreError> {
    let mut filter = filter.clone();
    if let (Some(passkey), None) = (filter.passkey, filter.user) {
        let found = cx.db.read(move |tx| passkeys::any_by_id(tx, passkey)).await?;
        filter.user = found.map(|passkey| passkey.user);
    }
    Ok(filter)
}

/// One look at the database.
struct Turn {
    sight: Sight,
    filter: Filter,
    by: By,
    cursor: Option<EventId>,
    wanted: usize,
}

struct Found {
    lines: Vec<Line>,
    /// The last event that was looked at.
    cursor: Option<EventId>,
    /// There are as many lines as were wanted.
    full: bool,
    /// There is nothing older.
    end: bool,
}

impl Turn {
    fn take(&self, tx: &mut Tx<'_>) -> Result<Found, StoreError> {
        let range = Range::of(self.filter.from, self.filter.until).before(self.cursor);
        let entries = log::newest(tx, &self.by, range, TURN)?;
        let end = entries.len() < usize::try_from(TURN).unwrap_or(usize::MAX);
        let mut found = Found { lines: Vec::new(), cursor: self.cursor, full: false, end };
        let mut reader = Reader::new(self.sight);
        // What stands under a reference is there already, but for what that index leaves out.
        let only_signed_in = self.filter.reference.is_some();
        for entry in entries {
            if found.lines.len() >= self.wanted {
                found.full = true;
                return Ok(found);
            }
            found.cursor = Some(entry.event.id);
            let passes = !only_signed_in || entry.event.kind.name() == "signed_in";
            if passes && self.filter.lets(&entry.event) {
                found.lines.extend(reader.shown_if(tx, entry, &self.filter)?);
            }
        }
        found.full = !end && found.lines.len() >= self.wanted;
        Ok(found)
    }
}

/// Puts names to ids, each looked up once.
struct Reader {
    sight: Sight,
    people: BTreeMap<UserId, Option<Person>>,
    passkeys: BTreeMap<PasskeyId, PasskeyShown>,
}

impl Reader {
    fn new(sight: Sight) -> Self {
        Self { sight, people: BTreeMap::new(), passkeys: BTreeMap::new() }
    }

    fn person(&mut self, tx: &mut Tx<'_>, id: UserId) -> Result<Option<Person>, StoreError> {
        if let Some(person) = self.people.get(&id) {
            return Ok(person.clone());
        }
        let person = users::by_id(tx, id)?.as_ref().map(Person::from);
        self.people.insert(id, person.clone());
        Ok(person)
    }

    fn passkey(&mut self, tx: &mut Tx<'_>, id: PasskeyId) -> Result<PasskeyShown, StoreError> {
        if let Some(passkey) = self.passkeys.get(&id) {
            return Ok(passkey.clone());
        }
        let shown = match passkeys::any_by_id(tx, id)? {
            Some(passkey) => PasskeyShown {
                id,
                name: Some(passkey.name),
                model: Some(Aaguid(passkey.aaguid)),
                attested: passkey.attestation_trusted,
            },
            None => PasskeyShown { id, name: None, model: None, attested: false },
        };
        self.passkeys.insert(id, shown.clone());
        Ok(shown)
    }

    /// The line, unless what was looked up for it says that it is not asked for.
    fn shown_if(
        &mut self,
        tx: &mut Tx<'_>,
        entry: Entry,
        filter: &Filter,
    ) -> Result<Option<Line>, StoreError> {
        let line = self.shown(tx, entry)?;
        let model = line.passkey.as_ref().and_then(|passkey| passkey.model);
        let fits = filter.model.is_none_or(|wanted| model == Some(wanted))
            && filter.address.as_ref().is_none_or(|wanted| {
                line.event
                    .client
                    .as_ref()
                    .is_some_and(|client| filter::address_fits(wanted, &client.address, line.redacted))
            });
        Ok(fits.then_some(line))
    }

    fn shown(&mut self, tx: &mut Tx<'_>, entry: Entry) -> Result<Line, StoreError> {
        let Entry { seq, mut event, erased, .. } = entry;
        let person = match event.subject {
            Some(id) => self.person(tx, id)?,
            None => None,
        };
        let by = match event.actor {
            Actor::User(id) if Some(id) != event.subject => self.person(tx, id)?,
            _ => None,
        };
        let passkey = match sign_in_log::passkey(&event.kind) {
            Some(id) => Some(self.passkey(tx, id)?),
            None => None,
        };
        let redacted = !self.sight.sees(person.as_ref().map(|person| person.role));
        if redacted {
            event.note = None;
            event.client =
                event.client.map(|client| ClientLabel { address: network(&client.address), ..client });
        }
        Ok(Line {
            outcome: sign_in_log::outcome(&event.kind),
            methods: sign_in_log::methods(&event.kind),
            strength: sign_in_log::strength(&event.kind),
            event,
            seq,
            person,
            by,
            passkey,
            erased,
            redacted,
        })
    }
}

/// When an id was made, which is when the event happened.
fn time_of(id: &EventId) -> Timestamp {
    let mut millis = [0_u8; 8];
    for (to, from) in millis.iter_mut().skip(2).zip(id.as_bytes()) {
        *to = *from;
    }
    Timestamp::from_micros(i64::from_be_bytes(millis).saturating_mul(1000))
}
