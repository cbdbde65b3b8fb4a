//! Finding accounts by what holds for them.

use std::collections::HashSet;

use account::authenticator_code::MOST_FAILURES;
use account::lockout::{GUESSES, WINDOW};
use account::search::{Condition, Filter, LONGEST_TEXT};
use account::user::{Login, User};
use primitives::time::Timestamp;

use super::{TABLE, read};
use crate::db::{Tx, Value};
use crate::error::StoreError;
use crate::guesses;

/// Names that are looked for at once because guesses at them are refused at the moment.
const MOST_LOCKED: usize = 500;

/// Accounts for which all of the filter holds, in the order of their logins' keys, from behind `after`, at most `limit`.
pub fn search(
    tx: &mut Tx<'_>,
    filter: &Filter,
    after: Option<&Login>,
    limit: u32,
) -> Result<Vec<User>, StoreError> {
    let mut wanted = Wanted::of(tx, filter)?;
    let after = wanted.bind(Value::Text(after.map_or_else(String::new, |after| after.key().to_owned())));
    let limit = wanted.bind(Value::Integer(limit.into()));
    let sql = format!(
        concat!(select!("WHERE "), "{} AND login_key > {} ORDER BY login_key LIMIT {}"),
        wanted.sql, after, limit
    );
    let params: Vec<_> = wanted.values.iter().map(Value::param).collect();
    let rows = tx.query(&sql, &params)?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// How many accounts there are for which all of the filter holds.
pub fn count_found(tx: &mut Tx<'_>, filter: &Filter) -> Result<i64, StoreError> {
    let wanted = Wanted::of(tx, filter)?;
    let params: Vec<_> = wanted.values.iter().map(Value::param).collect();
    match tx.query_one(&format!("SELECT count(*) FROM users WHERE {}", wanted.sql), &params)? {
        Some(row) => row.columns(TABLE).integer(),
        None => Ok(0),
    }
}

/// A condition in SQL with its values, all of which are bound.
struct Wanted {
    sql: String,
    values: Vec<Value>,
}

impl Wanted {
    fn of(tx: &mut Tx<'_>, filter: &Filter) -> Result<Self, StoreError> {
        let now = tx.now()?;
        let deleted = if filter.asks(Condition::Deleted) { "IS NOT NULL" } else { "IS NULL" };
        let mut wanted = Self { sql: format!("deleted {deleted}"), values: Vec::new() };
        if let Some(text) = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            wanted.text(text);
        }
        if let Some(role) = filter.role {
            let role = wanted.bind(Value::Text(role.as_str().to_owned()));
            wanted.and(&format!("role = {role}"));
        }
        if let Some(group) = filter.group {
            let group = wanted.bind(Value::Bytes(group.as_bytes().to_vec()));
            wanted.and(&format!("id IN (SELECT user_id FROM memberships WHERE group_id = {group})"));
        }
        for condition in &filter.conditions {
            wanted.condition(tx, now, *condition)?;
        }
        Ok(wanted)
    }

    /// The place of one more value.
    fn bind(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    fn and(&mut self, sql: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
    }

    /// SQLite folds ASCII alone, so a name is looked for as it was typed as well.
    fn text(&mut self, text: &str) {
        let typed: String = text.chars().take(LONGEST_TEXT).collect();
        let folded = self.bind(Value::Text(pattern(Login::from_stored(typed.clone()).key())));
        let typed = self.bind(Value::Text(pattern(&typed)));
        self.and(&format!(
            "(login_key LIKE {folded} ESCAPE '!' OR lower(name) LIKE {folded} ESCAPE '!' \
             OR name LIKE {typed} ESCAPE '!' OR lower(email) LIKE {folded} ESCAPE '!')"
        ));
    }

    fn condition(&mut self, tx: &mut Tx<'_>, now: Timestamp, condition: Condition) -> Result<(), StoreError> {
        match condition {
            Condition::NoPasskey => self.and(concat!(
                "NOT EXISTS (SELECT 1 FROM passkeys WHERE passkeys.user_id = users.id ",
                "AND passkeys.status = 'enabled')"
            )),
            Condition::OnePasskey => self.and(concat!(
                "(SELECT COUNT(*) FROM passkeys WHERE passkeys.user_id = users.id ",
                "AND passkeys.status = 'enabled') = 1"
            )),
            Condition::PasswordOn => self.and(
                "EXISTS (SELECT 1 FROM passwords WHERE passwords.user_id = users.id AND hash IS NOT NULL)",
            ),
            Condition::PassActive => {
                let now = self.bind(Value::Integer(now.micros()));
                self.and(&format!(
                    "EXISTS (SELECT 1 FROM temporary_passes WHERE temporary_passes.user_id = users.id \
                     AND state IN ('issued', 'reserved') AND ends > {now})"
                ));
            }
            Condition::Locked => self.locked(tx, now)?,
            Condition::NeverSignedIn => {
                self.and("NOT EXISTS (SELECT 1 FROM known_browsers WHERE known_browsers.user_id = users.id)");
            }
            Condition::Privileged => self.and("role <> 'user'"),
            Condition::BreakGlass => self.and("break_glass = 1"),
            Condition::Disabled => self.and("users.status = 'disabled'"),
            Condition::Deleted => {}
        }
        Ok(())
    }

    fn locked(&mut self, tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
        let names: Vec<String> =
            locked_names(tx, now)?.into_iter().map(|name| self.bind(Value::Text(name))).collect();
        let names = if names.is_empty() { "''".to_owned() } else { names.join(", ") };
        self.and(&format!(
            "(EXISTS (SELECT 1 FROM temporary_passes p WHERE p.user_id = users.id AND p.state = 'locked' \
             AND NOT EXISTS (SELECT 1 FROM temporary_passes q WHERE q.user_id = users.id AND q.id > p.id)) \
             OR EXISTS (SELECT 1 FROM authenticator_codes c WHERE c.user_id = users.id \
             AND c.failures >= {MOST_FAILURES}) OR login_key IN ({names}))"
        ));
        Ok(())
    }
}

/// `text` anywhere; what LIKE takes for signs stands for itself.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in text.chars() {
        if matches!(character, '!' | '%' | '_') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// Names at which no guess is taken at the moment. Slots are known by keyed digests alone, so where there are locked ones
/// every name is held against them.
fn locked_names(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<String>, StoreError> {
    let since = Timestamp::from_micros(now.micros().saturating_sub(WINDOW.micros()));
    let rows = tx.query(
        "SELECT slot FROM guesses WHERE tally >= $1 AND since > $2",
        &[GUESSES.into(), since.into()],
    )?;
    let slots =
        rows.into_iter().map(|row| row.columns("guesses").integer()).collect::<Result<HashSet<_>, _>>()?;
    let mut names = Vec::new();
    if slots.is_empty() {
        return Ok(names);
    }
    for row in tx.query("SELECT login_key FROM users", &[])? {
        let name = row.columns(TABLE).text()?;
        if slots.contains(&guesses::slot(tx.keys(), &name)) {
            names.push(name);
            if names.len() == MOST_LOCKED {
                break;
            }
        }
    }
    Ok(names)
}
