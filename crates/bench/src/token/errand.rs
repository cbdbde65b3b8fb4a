//! What one connection asks for again and again, and what it gathers by that.

use std::time::{Duration, Instant};

use serde::Deserialize;

use super::setup::Client;
use crate::http::{Answer, Body, Connection};
use crate::worker::{Laps, at, expect, parse};

/// What was brought along: what the next kind of request lives on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Yield {
    /// Codes that nobody has used.
    pub(crate) codes: Vec<String>,
    /// Access tokens.
    pub(crate) access: Vec<String>,
    /// Refresh tokens that nobody has used.
    pub(crate) refresh: Vec<String>,
}

/// Most tokens that one connection keeps: more than it uses in a run, and bounded in memory.
const KEPT: usize = 4_000;

/// Something that an application asks for.
pub(crate) struct Errand {
    what: What,
    authorization: String,
    /// Cookies or tokens, one after the other.
    hand: Vec<String>,
    next: usize,
    gathered: Yield,
}

enum What {
    Authorize { question: String },
    Exchange { start: String },
    Userinfo,
    Introspect,
    Refresh,
    ClientCredentials,
    KeySet,
}

#[derive(Deserialize)]
struct Tokens<'a> {
    #[serde(borrow)]
    access_token: &'a str,
    #[serde(borrow, default)]
    refresh_token: Option<&'a str>,
}

#[derive(Deserialize)]
struct Introspected {
    active: bool,
}

/// Deals things out.
pub(super) fn hands(things: Vec<String>, connections: usize) -> impl Iterator<Item = Vec<String>> {
    let mut hands: Vec<Vec<String>> = (0..connections).map(|_| Vec::new()).collect();
    for (index, thing) in things.into_iter().enumerate() {
        if let Some(hand) = hands.get_mut(index % connections.max(1)) {
            hand.push(thing);
        }
    }
    hands.into_iter()
}

/// Deals all that was gathered out anew: some gathered more than others.
pub(super) fn deal(yields: Vec<Yield>, connections: usize) -> impl Iterator<Item = Yield> {
    let mut all = Yield::default();
    for Yield { codes, access, refresh } in yields {
        all.codes.extend(codes);
        all.access.extend(access);
        all.refresh.extend(refresh);
    }
    let codes = hands(all.codes, connections);
    let tokens = hands(all.access, connections).zip(hands(all.refresh, connections));
    codes.zip(tokens).map(|(codes, (access, refresh))| Yield { codes, access, refresh })
}

impl Errand {
    fn new(what: What, authorization: &str, hand: Vec<String>) -> Self {
        Self { what, authorization: authorization.to_owned(), hand, next: 0, gathered: Yield::default() }
    }

    /// Codes for people who are signed in.
    pub(super) fn authorize(client: &Client, sessions: Vec<String>) -> Self {
        Self::new(What::Authorize { question: client.question.clone() }, "", sessions)
    }

    /// Tokens for codes.
    pub(super) fn exchange(client: &Client, hand: Yield) -> Self {
        Self::new(What::Exchange { start: client.exchange.clone() }, &client.authorization, hand.codes)
    }

    /// Userinfo for access tokens.
    pub(super) fn userinfo(tokens: Vec<String>) -> Self {
        Self::new(What::Userinfo, "", tokens.iter().map(|token| format!("Bearer {token}")).collect())
    }

    /// Whether access tokens are good.
    pub(super) fn introspect(client: &Client, tokens: Vec<String>) -> Self {
        let forms = tokens.iter().map(|token| format!("token={token}")).collect();
        Self::new(What::Introspect, &client.authorization, forms)
    }

    /// New tokens for refresh tokens, each of which is used once.
    pub(super) fn refresh(client: &Client, tokens: Vec<String>) -> Self {
        Self::new(What::Refresh, &client.authorization, tokens)
    }

    /// Tokens of the client's own.
    pub(super) fn client_credentials(client: &Client) -> Self {
        Self::new(What::ClientCredentials, &client.authorization, Vec::new())
    }

    /// The key set.
    pub(super) fn key_set() -> Self {
        Self::new(What::KeySet, "", Vec::new())
    }

    /// What it has gathered.
    pub(super) fn into_yield(self) -> Yield {
        self.gathered
    }

    /// The next of those that take turns.
    fn turn(&mut self) -> Result<String, String> {
        let index = self.next;
        self.next = (index + 1) % self.hand.len().max(1);
        self.hand.get(index).cloned().ok_or_else(|| "setup: nothing to ask about".to_owned())
    }

    /// Asks once.
    pub(crate) async fn run(&mut self, connection: &mut Connection) -> Result<Laps, String> {
        match &self.what {
            What::Authorize { question } => {
                let question = question.clone();
                let cookies = self.turn()?;
                let (laps, code) = timed(connection, &question, &cookies, Body::None, code_of).await?;
                self.gathered.codes.push(code);
                Ok(laps)
            }
            What::Exchange { start } => {
                let code = self.hand.pop().ok_or("exchange: out of codes; ask for fewer --seconds")?;
                let form = [start.as_str(), code.as_str()].concat();
                self.tokens(connection, &form).await
            }
            What::Userinfo => {
                let bearer = self.turn()?;
                let body = Body::Program { authorization: &bearer, form: None };
                Ok(timed(connection, "/oauth/userinfo", "", body, |answer| expect(answer, 200, "userinfo"))
                    .await?
                    .0)
            }
            What::Introspect => {
                let form = self.turn()?;
                let body = Body::Program { authorization: &self.authorization, form: Some(&form) };
                Ok(timed(connection, "/oauth/introspect", "", body, is_active).await?.0)
            }
            What::Refresh => {
                let token = self.turn()?;
                let form = ["grant_type=refresh_token&refresh_token=", token.as_str()].concat();
                let place = (self.next + self.hand.len().max(1) - 1) % self.hand.len().max(1);
                let laps = self.tokens(connection, &form).await?;
                if let (Some(mine), Some(new)) = (self.hand.get_mut(place), self.gathered.refresh.pop()) {
                    *mine = new;
                }
                Ok(laps)
            }
            What::ClientCredentials => self.tokens(connection, "grant_type=client_credentials").await,
            What::KeySet => {
                let body = Body::Program { authorization: "", form: None };
                Ok(timed(connection, "/oauth/jwks", "", body, |answer| expect(answer, 200, "jwks")).await?.0)
            }
        }
    }

    /// Asks the token endpoint, and keeps what it gives.
    async fn tokens(&mut self, connection: &mut Connection, form: &str) -> Result<Laps, String> {
        let body = Body::Program { authorization: &self.authorization, form: Some(form) };
        let gathered = &mut self.gathered;
        let keep = |answer: &Answer<'_>| {
            expect(answer, 200, "token")?;
            let tokens: Tokens<'_> = parse(answer.body, "token")?;
            if gathered.access.len() < KEPT {
                gathered.access.push(tokens.access_token.to_owned());
            }
            if gathered.refresh.len() < KEPT {
                gathered.refresh.extend(tokens.refresh_token.map(str::to_owned));
            }
            Ok(())
        };
        Ok(timed(connection, "/oauth/token", "", body, keep).await?.0)
    }
}

/// One request from its sending to its complete answer, and what was read of that.
async fn timed<T>(
    connection: &mut Connection,
    path: &str,
    cookies: &str,
    body: Body<'_>,
    read: impl FnOnce(&Answer<'_>) -> Result<T, String>,
) -> Result<(Laps, T), String> {
    let begun = Instant::now();
    let answer = connection.send(path, cookies, body).await.map_err(|error| at("request", &error))?;
    let took = begun.elapsed();
    let read = read(&answer)?;
    Ok((Laps { begun, steps: [took, Duration::ZERO, Duration::ZERO] }, read))
}

fn code_of(answer: &Answer<'_>) -> Result<String, String> {
    expect(answer, 303, "authorize")?;
    let location = answer.header("location").unwrap_or_default();
    let (_, query) = location.split_once('?').ok_or("authorize: leads nowhere")?;
    let code = query.split('&').find_map(|pair| pair.strip_prefix("code="));
    code.map(str::to_owned).ok_or_else(|| "authorize: no code".to_owned())
}

fn is_active(answer: &Answer<'_>) -> Result<(), String> {
    expect(answer, 200, "introspect")?;
    let Introspected { active } = parse(answer.body, "introspect")?;
    if active { Ok(()) } else { Err("introspect: not active".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_gathered_is_dealt_out_evenly() {
        let one = Yield { codes: (0..5).map(|code| code.to_string()).collect(), ..Yield::default() };
        let dealt: Vec<usize> = deal(vec![one, Yield::default()], 2).map(|hand| hand.codes.len()).collect();
        assert_eq!(dealt, [3, 2]);
    }
}
