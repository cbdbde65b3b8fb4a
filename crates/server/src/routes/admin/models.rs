//! `/admin/models`: what is known about models of authenticators, and which roots are trusted.

use std::sync::Arc;

use account::role::Permission;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use primitives::digest::Digest;
use primitives::encoding;
use primitives::x509::{Certificate, oid};
use serde::Deserialize;
use service::metadata::{self, ModelLine, NewRoot, Root, RootsError};
use service::{Authority, Unauthorised, Who};

use crate::aaguid;
use crate::app::App;
use crate::context::Visit;
use crate::fields::{Form, Path, Query};
use crate::pages::Flash;
use crate::pages::console::models::{
    Held, Line, Models, NewRootPage, Review, RootFields, RootLine, RootProblem,
};
use crate::problem::{Answer, Problem, Stop};

/// Models on a page.
const PAGE: usize = 50;

/// The addresses below `/admin/models`.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/models", get(list))
        .route("/admin/models/look", post(look))
        .route("/admin/models/roots", post(add))
        .route("/admin/models/roots/new", get(new))
        .route("/admin/models/roots/review", post(review))
        .route("/admin/models/roots/{sha256}/remove", post(remove))
}

/// What of the list is wanted.
#[derive(Default, Deserialize)]
struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: String,
}

async fn list(mut visit: Visit, Query(wanted): Query<Wanted>) -> Answer {
    let who = visit.console(Permission::ReadPolicy).await?;
    let page = overview(&mut visit, &who, &wanted).await?;
    visit.page(&page)
}

async fn overview(visit: &mut Visit, who: &Who, wanted: &Wanted) -> Result<Models, Stop> {
    let overview = metadata::overview(&visit.app.service).await?;
    let query: String = wanted.q.trim().chars().take(100).collect();
    let page: usize = wanted.page.parse().unwrap_or(0);
    let (known, now) = (overview.known(), overview.now);
    let lines: Vec<Line> =
        overview.models.into_iter().map(line).filter(|line| line.matches(&query)).collect();
    let found = lines.len();
    let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let first = page.saturating_mul(PAGE);
    let nav = visit.nav(who);
    Ok(Models {
        held: overview.fido.as_ref().filter(|source| source.number >= 0).map(|source| Held {
            number: source.number,
            taken: source.fetched,
            next_update: source.next_update,
            late: source.next_update < now,
        }),
        looked_for: visit.app.site.looks_for_metadata,
        last_error: overview.fido.and_then(|source| source.last_error),
        unread: whole(overview.faults.len()),
        faults: overview.faults,
        known: whole(known),
        found: whole(found),
        before: page.checked_sub(1).map(|page| address(&query, page)),
        after: (first.saturating_add(PAGE) < found).then(|| address(&query, page.saturating_add(1))),
        lines: lines.into_iter().skip(first).take(PAGE).collect(),
        query,
        roots: overview.roots.iter().map(root_line).collect(),
        may_edit: nav.may(Permission::EditPolicy),
        unconfirmed: false,
        shell: visit.shell_for(who),
        nav,
    })
}

fn address(query: &str, page: usize) -> String {
    format!("/admin/models?q={}&page={page}", encoded(query))
}

/// As the value of a query (RFC 3986 section 2.1).
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn line(found: ModelLine) -> Line {
    let ModelLine { aaguid, model, passkeys } = found;
    let known = model.is_some();
    let model = model.unwrap_or_default();
    let name = if known { model.name } else { aaguid::name(&aaguid.0).unwrap_or_default().to_owned() };
    Line {
        name,
        aaguid: aaguid.to_string(),
        known,
        passkeys,
        certification: model.certification,
        biometric: model.biometric,
        hardware: model.hardware,
        broken: model.broken,
    }
}

impl Line {
    fn matches(&self, query: &str) -> bool {
        let query = query.to_lowercase();
        self.name.to_lowercase().contains(&query) || self.aaguid.contains(&query)
    }
}

fn root_line(root: &Root) -> RootLine {
    RootLine {
        name: root.name.clone(),
        sha256: encoding::hex(&root.digest()),
        models: root.models.iter().map(ToString::to_string).collect(),
        ends: root.ends(),
    }
}

async fn look(mut visit: Visit) -> Answer {
    visit.console(Permission::EditPolicy).await?;
    metadata::ask_for_look(&visit.app.service).await?;
    visit.set_flash(&Flash::MetadataAsked);
    visit.see_other("/admin/models")
}

/// What somebody types about a root.
#[derive(Default, Deserialize)]
struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    certificate: String,
    #[serde(default)]
    models: String,
    #[serde(default)]
    single: String,
    #[serde(default)]
    hardware: String,
    #[serde(default)]
    biometric: String,
}

impl Typed {
    fn root(&self) -> Result<NewRoot, RootProblem> {
        let words = self.models.split(|character: char| character.is_whitespace() || character == ',');
        let models = words.filter(|word| !word.is_empty()).map(str::parse).collect::<Result<_, _>>();
        Ok(NewRoot {
            name: self.name.clone(),
            certificate: self.certificate.clone(),
            models: models.map_err(|_| RootProblem::Aaguid)?,
            single: self.single == "yes",
            hardware: self.hardware == "yes",
            biometric: self.biometric == "yes",
        })
    }

    fn fields(self) -> RootFields {
        RootFields {
            name: self.name,
            certificate: self.certificate,
            models: self.models,
            single: self.single == "yes",
            hardware: self.hardware == "yes",
            biometric: self.biometric == "yes",
        }
    }
}

async fn new(mut visit: Visit) -> Answer {
    let who = visit.console(Permission::EditPolicy).await?;
    let (nav, shell) = (visit.nav(&who), visit.shell_for(&who));
    visit.page(&NewRootPage { shell, nav, fields: RootFields::default(), review: None, problem: None })
}

/// Shows what a root is before anybody trusts it; changes nothing.
async fn review(mut visit: Visit, Form(typed): Form<Typed>) -> Answer {
    let who = visit.console(Permission::EditPolicy).await?;
    let reviewed = reviewed(&visit, &typed);
    let (nav, shell) = (visit.nav(&who), visit.shell_for(&who));
    let (status, review, problem) = match reviewed {
        Ok(review) => (StatusCode::OK, Some(review), None),
        Err(problem) => (StatusCode::UNPROCESSABLE_ENTITY, None, Some(problem)),
    };
    visit.page_with(status, &NewRootPage { shell, nav, fields: typed.fields(), review, problem })
}

fn reviewed(visit: &Visit, typed: &Typed) -> Result<Review, RootProblem> {
    let (new, now) = (typed.root()?, visit.now());
    let root = new.check(now).map_err(RootProblem::Refused)?;
    let terms = new.digest(now).map_err(RootProblem::Refused)?;
    let certificate = Certificate::parse(&root.certificate)
        .map_err(|_| RootProblem::Refused(metadata::RootRefusal::Certificate))?;
    let names = [oid::COMMON_NAME, oid::ORGANIZATIONAL_UNIT, oid::ORGANIZATION];
    let subject = names.iter().find_map(|name| certificate.subject(name).next().map(str::to_owned));
    Ok(Review {
        terms: encoding::hex(&terms),
        sha256: encoding::hex(&root.digest()),
        subject: subject.unwrap_or_default(),
        ends: certificate.not_after(),
        models: root.models.iter().map(ToString::to_string).collect(),
    })
}

async fn add(mut visit: Visit, Form(typed): Form<Typed>) -> Answer {
    let who = visit.console(Permission::EditPolicy).await?;
    let mut caller = visit.caller();
    let outcome = match typed.root() {
        Ok(new) => {
            let added =
                metadata::add_root(&visit.app.service, &mut caller, Authority::Person(&who), new).await;
            match added {
                Ok(root) => Ok(root),
                Err(RootsError::Refused(refusal)) => Err(RootProblem::Refused(refusal)),
                Err(RootsError::Known) => Err(RootProblem::Known),
                Err(RootsError::TooMany) => Err(RootProblem::TooMany),
                Err(RootsError::Unauthorised(Unauthorised::ConfirmNeeded)) => Err(RootProblem::Unconfirmed),
                Err(error) => return Err(problem(error)),
            }
        }
        Err(problem) => Err(problem),
    };
    let wrong = match outcome {
        Ok(root) => {
            visit.set_flash(&Flash::RootAdded { name: root.name });
            return visit.see_other("/admin/models");
        }
        Err(wrong) => wrong,
    };
    // What could be reviewed is shown again, to be confirmed.
    let review = reviewed(&visit, &typed).ok().filter(|_| wrong == RootProblem::Unconfirmed);
    let (nav, shell) = (visit.nav(&who), visit.shell_for(&who));
    let page = NewRootPage { shell, nav, fields: typed.fields(), review, problem: Some(wrong) };
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn remove(mut visit: Visit, Path(sha256): Path<String>) -> Answer {
    let who = visit.console(Permission::EditPolicy).await?;
    let root: Digest =
        encoding::from_hex(&sha256).and_then(|bytes| bytes.try_into().ok()).ok_or_else(Problem::not_found)?;
    let mut caller = visit.caller();
    let removed = metadata::remove_root(&visit.app.service, &mut caller, Authority::Person(&who), root).await;
    match removed {
        Ok(root) => visit.set_flash(&Flash::RootRemoved { name: root.name }),
        Err(RootsError::NotFound) => visit.set_flash(&Flash::AlreadyGone),
        Err(RootsError::Unauthorised(Unauthorised::ConfirmNeeded)) => {
            let page = Models { unconfirmed: true, ..overview(&mut visit, &who, &Wanted::default()).await? };
            return visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
        Err(error) => return Err(problem(error)),
    }
    visit.see_other("/admin/models")
}

fn problem(error: RootsError) -> Stop {
    match error {
        RootsError::Store(error) => Problem::from(error).into(),
        RootsError::Unauthorised(Unauthorised::SessionEnded) => Problem::session_ended().into(),
        other => Problem::forbidden(other.code()).into(),
    }
}
