//! Passes for many new starters at once (AT-5): a list is looked at line by line first, then issued in one commit.
//!
//! What cannot get a pass is left out and named; what somebody confirms is bound to the whole list and its terms.

use std::collections::BTreeSet;

use account::action::Action;
use account::role::Permission;
use account::temporary_pass::{self, Pass, PassBlocked, Wish};
use account::user::{Login, User, UserId};
use primitives::digest::{self, Digest};
use store::{StoreError, Tx, temporary_passes, users};

use crate::administer_passes::{Issued, Prepared, needs_second_person};
use crate::administer_users::AdministerError;
use crate::authority::{self, Issuer, Unauthorised};
use crate::context::{Authority, Caller, Context, Settings};

/// Lines of a list at most: so many slow hashes are computed within one request.
pub const MOST: usize = 25;

/// Longest list in bytes.
pub const LONGEST: usize = 32 * 1024;

/// A list that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListRefusal {
    /// Nobody stands on it.
    Empty,
    /// More people than one list may name.
    TooMany,
    /// More bytes than a list may have.
    TooLong,
}

impl ListRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            ListRefusal::Empty => "list_empty",
            ListRefusal::TooMany => "list_too_many",
            ListRefusal::TooLong => "list_too_long",
        }
    }
}

/// One line of a list: its number and what stands in its first column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Counted from 1.
    pub number: usize,
    /// What was typed.
    pub login: String,
}

/// The heads that a first column has in files that people export.
const HEADS: [&str; 6] = ["login", "email", "e-mail", "mail", "user", "username"];

/// Reads a list: CSV with a comma, semicolon or tab, of which only the first column counts, `most` lines.
pub fn parse(text: &str, most: usize) -> Result<Vec<Line>, ListRefusal> {
    if text.len() > LONGEST.max(most.saturating_mul(1024)) {
        return Err(ListRefusal::TooLong);
    }
    let mut lines = Vec::new();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let first = line.split([',', ';', '\t']).next().unwrap_or_default();
        let login = first.trim().trim_matches('"').trim();
        let is_head = lines.is_empty() && HEADS.iter().any(|head| login.eq_ignore_ascii_case(head));
        if login.is_empty() || is_head {
            continue;
        }
        if lines.len() >= most {
            return Err(ListRefusal::TooMany);
        }
        lines.push(Line { number: index.saturating_add(1), login: login.to_owned() });
    }
    if lines.is_empty() { Err(ListRefusal::Empty) } else { Ok(lines) }
}

/// Why somebody on a list gets no pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineProblem {
    /// The name is nobody's.
    Unknown,
    /// The account stands on an earlier line.
    Duplicate,
    /// It is whoever issues.
    Oneself,
    /// The account has a role: such passes are issued one by one.
    Privileged,
    /// The person could not use it.
    Blocked(PassBlocked),
    /// Policy does not allow such a pass for this person.
    Terms(&'static str),
}

impl LineProblem {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            LineProblem::Unknown => "user_unknown",
            LineProblem::Duplicate => "duplicate",
            LineProblem::Oneself => "not_for_oneself",
            LineProblem::Privileged => "privileged_skipped",
            LineProblem::Blocked(blocked) => blocked.code(),
            LineProblem::Terms(code) => code,
        }
    }
}

/// What would become of a line.
#[derive(Clone, Debug)]
pub struct Looked {
    /// The line.
    pub line: Line,
    /// Whose account it names.
    pub user: Option<User>,
    /// Why there is no pass for it.
    pub problem: Option<LineProblem>,
    /// A pass that the new one would take the place of.
    pub replaces: bool,
}

/// What a person confirms: this list on these terms.
pub fn digest(lines: &[Line], wish: &Wish) -> Digest {
    let terms = format!(
        "{:?} {:?} {} {}",
        wish.lifetime.map(primitives::time::Span::micros),
        wish.starts.map(primitives::time::Timestamp::micros),
        wish.one_time,
        wish.reason
    );
    let mut parts: Vec<&[u8]> = vec![b"keyward list of passes v1", terms.as_bytes()];
    parts.extend(lines.iter().map(|line| line.login.as_bytes()));
    digest::sha256_parts(&parts)
}

/// Looks at every line, and changes nothing.
pub async fn look(
    cx: &Context,
    authority: Authority<'_>,
    lines: Vec<Line>,
    wish: Wish,
) -> Result<Vec<Looked>, AdministerError> {
    let issuer = match authority {
        Authority::Operator => Issuer::Operator,
        Authority::Key(_) => return Err(Unauthorised::Scope.into()),
        Authority::Person(who) if who.session.is_limited() => return Err(Unauthorised::TooWeak.into()),
        Authority::Person(who) => Issuer::Person(who.user.id, who.user.role),
    };
    if !issuer.may(Permission::IssuePasses) {
        return Err(AdministerError::Role);
    }
    let settings = cx.settings();
    Ok(cx.db.read(move |tx| look_at(tx, &settings, issuer, (&lines, &wish))).await?)
}

fn look_at(
    tx: &mut Tx<'_>,
    settings: &Settings,
    issuer: Issuer,
    (lines, wish): (&[Line], &Wish),
) -> Result<Vec<Looked>, StoreError> {
    let (now, mut seen) = (tx.now()?, BTreeSet::<UserId>::new());
    let mut looked = Vec::new();
    for line in lines {
        let found = match Login::parse(&line.login) {
            Ok(login) => users::by_login(tx, &login)?,
            Err(_) => None,
        };
        let problem = match &found {
            None => Some(LineProblem::Unknown),
            Some(user) if !seen.insert(user.id) => Some(LineProblem::Duplicate),
            Some(user) if issuer.is(user.id) => Some(LineProblem::Oneself),
            Some(user) if user.role.is_privileged() || needs_second_person(settings, now, issuer, user) => {
                Some(LineProblem::Privileged)
            }
            Some(user) => match temporary_pass::blocked(&settings.policy, user) {
                Some(blocked) => Some(LineProblem::Blocked(blocked)),
                None => {
                    let terms = settings.of(user).passes.terms(wish.clone(), now);
                    terms.err().map(|refusal| LineProblem::Terms(refusal.code()))
                }
            },
        };
        let replaces = match &found {
            Some(user) if problem.is_none() => temporary_passes::newest(tx, user.id)?
                .is_some_and(|pass| pass.usability(now, &settings.of(user).passes).is_outstanding()),
            _ => false,
        };
        looked.push(Looked { line: line.clone(), user: found, problem, replaces });
    }
    Ok(looked)
}

/// A line and what became of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was found at the time of the commit.
    pub looked: Looked,
    /// The pass, where there is one now.
    pub issued: Option<Issued>,
}

/// Issues passes for everybody on the list who can use one, in one commit; the others are named. A person has confirmed
/// [`Action::IssuePasses`] for this very list.
pub async fn issue(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    lines: Vec<Line>,
    wish: Wish,
) -> Result<Vec<Outcome>, AdministerError> {
    if matches!(authority, Authority::Person(_)) && wish.reason.trim().is_empty() {
        return Err(AdministerError::ReasonMissing);
    }
    // Looked at before anything slow is done, and again in the writer.
    let wanted = look(cx, authority, lines.clone(), wish.clone()).await?;
    let mut prepared = Vec::new();
    for _ in wanted.iter().filter(|looked| looked.problem.is_none()) {
        prepared.push(Prepared::new(cx, caller, authority).await?);
    }
    let (settings, grant) = (cx.settings(), authority.into());
    let action = Action::IssuePasses(digest(&lines, &wish));
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let issuer = authority::authorise(tx, now, &settings, &grant, action)?;
            if !issuer.may(Permission::IssuePasses) {
                return Err(AdministerError::Role);
            }
            let mut outcomes = Vec::new();
            let mut values = prepared.iter();
            for looked in look_at(tx, &settings, issuer, (&lines, &wish))? {
                let issued = match (&looked.problem, &looked.user) {
                    (None, Some(user)) => {
                        // Somebody who can use one only since the first look waits for the next list.
                        let Some(prepared) = values.next() else { return Err(AdministerError::Conflict) };
                        Some(prepared.clone().issue_of_list(tx, now, issuer, (user.id, wish.clone()))?)
                    }
                    _ => None,
                };
                outcomes.push(Outcome { looked, issued });
            }
            Ok(outcomes)
        })
        .await
}

/// The passes of these ids, for the list of serials; none that `ids` names twice, [`MOST`] at most.
pub async fn of_ids(cx: &Context, ids: Vec<temporary_pass::PassId>) -> Result<Vec<(Pass, User)>, StoreError> {
    let ids: Vec<_> = ids.into_iter().collect::<BTreeSet<_>>().into_iter().take(MOST).collect();
    cx.db
        .read(move |tx| {
            let mut found = Vec::new();
            for pass in temporary_passes::of_ids(tx, &ids)? {
                if let Some(user) = users::by_id(tx, pass.user)? {
                    found.push((pass, user));
                }
            }
            Ok(found)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_column_of_any_export_is_read() {
        let text = "\u{feff}Email;Name\r\nana@example.com;Ana\r\n\r\n\"ben@example.com\",Ben\n\tnobody\n";
        let lines = parse(text, MOST).unwrap();
        let read: Vec<_> = lines.iter().map(|line| (line.number, line.login.as_str())).collect();
        assert_eq!(read, [(2, "ana@example.com"), (4, "ben@example.com")]);
    }

    #[test]
    fn a_list_has_bounds() {
        assert_eq!(parse(" \n", MOST).unwrap_err().code(), "list_empty");
        assert_eq!(parse(&"a\n".repeat(MOST + 1), MOST).unwrap_err().code(), "list_too_many");
        assert_eq!(parse(&"a".repeat(LONGEST + 1), MOST).unwrap_err().code(), "list_too_long");
    }

    #[test]
    fn what_is_confirmed_is_this_list_on_these_terms() {
        let lines = |text: &str| parse(text, MOST).unwrap();
        let wish = Wish { reason: "new-starter".to_owned(), ..Wish::default() };
        let first = digest(&lines("ana\nben"), &wish);
        assert_eq!(first, digest(&lines("login\nana\nben\n"), &wish));
        for other in [
            digest(&lines("ana"), &wish),
            digest(&lines("anab\nen"), &wish),
            digest(&lines("ana\nben"), &Wish { one_time: true, ..wish.clone() }),
        ] {
            assert_ne!(first, other);
        }
    }
}
