//! What the people of a browser do: sign in and out, onboard, add, name and remove passkeys.

use fido::response::RegistrationResponse;

use super::client::{Client, Held, Request, Somebody, Stop, ends, lock};
use super::history::{ABSENT, Key, PRESENT};
use crate::http::Body;
use crate::person::Person;
use crate::worker::{Begun, parse};

/// Passkeys of one person at most: the rest of the time is for other things.
const MOST_KEYS: usize = 3;

/// The options and the sealed state of a ceremony.
struct Ceremony {
    options: String,
    state: String,
}

impl Ceremony {
    fn body(&self, response: &str) -> String {
        format!("{{\"state\":\"{}\",\"response\":{response}}}", self.state)
    }
}

impl Client {
    /// Does one thing of somebody's, chosen at random.
    pub(crate) async fn act(&mut self) -> Result<(), Stop> {
        let ready: Vec<usize> = (0..self.newcomers.len())
            .filter(|index| self.newcomers.get(*index).is_some_and(|newcomer| !newcomer.doubtful))
            .collect();
        if !ready.is_empty() && self.random.once_in(3) {
            let index = ready.get(self.random.index(ready.len())).copied().unwrap_or(0);
            return self.onboard(index).await;
        }
        let able: Vec<usize> = (0..self.people.len())
            .filter(|index| self.people.get(*index).is_some_and(|person| !person.doubtful))
            .collect();
        let Some(index) = able.get(self.random.index(able.len())).copied() else {
            // Everybody waits for the end of a call that nobody knows.
            return Err(Stop::Gone);
        };
        let mut person = self.people.swap_remove(index);
        let done = self.act_as(&mut person).await;
        person.doubtful = matches!(done, Err(Stop::Gone | Stop::Failed));
        self.people.push(person);
        done
    }

    async fn act_as(&mut self, person: &mut Somebody) -> Result<(), Stop> {
        let Some(session) = person.session.clone().filter(|_| person.full) else {
            return self.sign_in(person).await;
        };
        match self.random.below(8) {
            0 | 1 => self.sign_in(person).await,
            2 => self.sign_out(person, &session).await,
            3 | 4 => self.rename(person, &session).await,
            5 | 6 if person.keys.len() < MOST_KEYS => self.add(person, session).await,
            _ if person.keys.len() > 1 => self.remove(person, session).await,
            _ => self.sign_out(person, &session).await,
        }
    }

    /// A complete sign-in with one of the person's passkeys.
    pub(crate) async fn sign_in(&mut self, person: &mut Somebody) -> Result<(), Stop> {
        let begun = self.begin("/signin/begin", None, "{}").await?;
        let index = self.random.index(person.keys.len());
        let held = person.keys.get_mut(index).ok_or_else(|| no_authenticator("nobody has a passkey"))?;
        let origin = self.endpoint.origin();
        let response = held.authenticator.assert(&begun.options, &origin).map_err(Stop::Authenticator)?;
        let body = begun.body(&response);
        let request =
            Request { path: "/signin/finish", session: None, body: Body::Json(&body), leads_to: None };
        // A browser has one session of a person.
        let done = self.change("signed_in", ends(person.session.as_ref()), request).await?;
        person.session = done.session;
        person.full = true;
        let cookies = self.cookies(None);
        lock(&self.record).one_time.finished.push((cookies, body));
        Ok(())
    }

    async fn sign_out(&mut self, person: &mut Somebody, session: &str) -> Result<(), Stop> {
        let effects = ends(person.session.as_ref());
        let request = Request {
            path: "/signout",
            session: Some(session),
            body: Body::Form(""),
            leads_to: Some("/signed-out"),
        };
        self.change("signed_out", effects, request).await?;
        let cookies = self.cookies(Some(session));
        lock(&self.record).one_time.ended.push(cookies);
        person.session = None;
        Ok(())
    }

    async fn rename(&mut self, person: &mut Somebody, session: &str) -> Result<(), Stop> {
        let known = person.keys.iter().find_map(|held| Some((held.id.clone()?, held.credential.clone())));
        let Some((id, credential)) = known else { return self.sign_out(person, session).await };
        let name = format!("Key {:08x}", self.random.bits());
        let form = format!("name={}", name.replace(' ', "+"));
        let path = format!("/me/security/passkeys/{id}/rename");
        let request = Request {
            path: &path,
            session: Some(session),
            body: Body::Form(&form),
            leads_to: Some("/me/security"),
        };
        self.change("passkey_renamed", vec![(Key::Name(credential), name)], request).await.map(|_| ())
    }

    async fn add(&mut self, person: &mut Somebody, session: String) -> Result<(), Stop> {
        let session = self.confirm(person, &session, "{\"action\":\"add-passkey\"}").await?;
        let held = self.register(&session, None, &mut person.keys).await?;
        person.keys.push(held);
        Ok(())
    }

    async fn remove(&mut self, person: &mut Somebody, session: String) -> Result<(), Stop> {
        // Never the one that the session rests on, or the next confirmation would have nothing to confirm with.
        let place = person.keys.iter().rposition(|held| held.id.is_some());
        let Some((place, id)) = place.and_then(|place| Some((place, person.keys.get(place)?.id.clone()?)))
        else {
            return self.sign_out(person, &session).await;
        };
        let wish = format!("{{\"action\":\"remove-passkey\",\"target\":\"{id}\"}}");
        let session = self.confirm(person, &session, &wish).await?;
        let path = format!("/me/security/passkeys/{id}/remove");
        let credential = person.keys.get(place).map(|held| held.credential.clone()).unwrap_or_default();
        let gone = |key: Key| (key, ABSENT.to_owned());
        let effects = vec![gone(Key::Passkey(credential.clone())), gone(Key::Name(credential))];
        let request = Request {
            path: &path,
            session: Some(&session),
            body: Body::Form("reason=unused"),
            leads_to: Some("/me/security"),
        };
        self.change("passkey_removed", effects, request).await?;
        let held = person.keys.remove(place);
        lock(&self.record).one_time.removed.push(held.authenticator);
        Ok(())
    }

    /// Confirms an action; the session goes on under another token.
    async fn confirm(&mut self, person: &mut Somebody, session: &str, wish: &str) -> Result<String, Stop> {
        let begun = self.begin("/me/confirm/begin", Some(session), wish).await?;
        let origin = self.endpoint.origin();
        let held = person.keys.first_mut().ok_or_else(|| no_authenticator("nobody has a passkey"))?;
        let response = held.authenticator.assert(&begun.options, &origin).map_err(Stop::Authenticator)?;
        let body = begun.body(&response);
        let request = Request {
            path: "/me/confirm/finish",
            session: Some(session),
            body: Body::Json(&body),
            leads_to: None,
        };
        let done = self.change("confirmed", ends(person.session.as_ref()), request).await?;
        person.session.clone_from(&done.session);
        done.session.ok_or_else(|| no_authenticator("a confirmation set no session"))
    }

    /// Redeems the newcomer's pass, or takes it up again, and registers their first passkey with it.
    async fn onboard(&mut self, index: usize) -> Result<(), Stop> {
        let mut newcomer = self.newcomers.swap_remove(index);
        newcomer.doubtful = true;
        let form = format!("identifier={}&pass={}", newcomer.login.replace('@', "%40"), newcomer.pass);
        let request = Request {
            path: "/signin/tap",
            session: None,
            body: Body::Form(&form),
            leads_to: Some("/welcome"),
        };
        let mut effects = ends(newcomer.session.as_ref());
        effects.push((Key::Pass(newcomer.pass_id.clone()), "reserved".to_owned()));
        let session = match self.change("pass_redeemed", effects, request).await {
            Ok(done) => done.session.ok_or_else(|| no_authenticator("a pass set no session"))?,
            Err(stop) => {
                self.newcomers.push(newcomer);
                return Err(stop);
            }
        };
        let (login, pass) = (newcomer.login.clone(), newcomer.pass.clone());
        let mut person = Somebody {
            login: login.clone(),
            keys: Vec::new(),
            session: Some(session.clone()),
            full: false,
            doubtful: true,
        };
        newcomer.session = Some(session.clone());
        let registered = self.register(&session, Some(&newcomer.pass_id), &mut person.keys).await;
        match registered {
            Ok(held) => {
                person.keys.push(held);
                person.doubtful = false;
                self.people.push(person);
                lock(&self.record).one_time.used.push((login, pass));
                Ok(())
            }
            Err(stop) => {
                // Which of the two they are is looked up afterwards.
                self.people.push(person);
                self.newcomers.push(newcomer);
                Err(stop)
            }
        }
    }

    /// Registers a passkey in an authenticator of its own. Where nobody knows whether it was stored it goes into `kept`.
    async fn register(
        &mut self,
        session: &str,
        pass: Option<&str>,
        kept: &mut Vec<Held>,
    ) -> Result<Held, Stop> {
        let begun =
            self.begin("/me/security/add/begin", Some(session), "{\"place\":\"this-computer\"}").await?;
        let mut authenticator = Person::new();
        let response =
            authenticator.register(&begun.options, &self.endpoint.origin()).map_err(Stop::Authenticator)?;
        let made = RegistrationResponse::parse(&response);
        let made = made.map_err(|_| no_authenticator("its own response cannot be read"))?;
        let credential = primitives::encoding::base64url(&made.credential_id);
        let mut effects = vec![(Key::Passkey(credential.clone()), PRESENT.to_owned())];
        effects.extend(pass.map(|pass| (Key::Pass(pass.to_owned()), "spent".to_owned())));
        let body = begun.body(&response);
        let request = Request {
            path: "/me/security/add/finish",
            session: Some(session),
            body: Body::Json(&body),
            leads_to: None,
        };
        let done = self.change("passkey_added", effects, request).await;
        let mut held = Held { authenticator, credential, id: None };
        match done {
            Ok(done) => {
                held.id = passkey_id(&done.body);
                Ok(held)
            }
            Err(stop) => {
                if stop != Stop::Refused {
                    kept.push(held);
                }
                Err(stop)
            }
        }
    }

    async fn begin(&mut self, path: &str, session: Option<&str>, wish: &str) -> Result<Ceremony, Stop> {
        let done = self.ask(Request { path, session, body: Body::Json(wish), leads_to: None }).await?;
        let begun: Begun<'_> = parse(done.body.as_bytes(), path).map_err(Stop::Authenticator)?;
        Ok(Ceremony { options: begun.options.get().to_owned(), state: begun.state.to_owned() })
    }
}

fn no_authenticator(what: &str) -> Stop {
    Stop::Authenticator(what.to_owned())
}

/// The id in `"next":"/me/security/add/{id}/name"`.
fn passkey_id(body: &str) -> Option<String> {
    let said: serde_json::Value = serde_json::from_str(body).ok()?;
    let next = said.get("next")?.as_str()?;
    next.strip_prefix("/me/security/add/")?.split('/').next().map(str::to_owned)
}
