//! Metadata about authenticators: looked for in a file or at an address, and loaded into every node.
//!
//! A task of its own does it. No request waits for it, and whatever goes wrong leaves in force what there is.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use account::audit::Actor;
use account::session::{BrowserId, ClientLabel};
use axum::http::{HeaderValue, StatusCode, header};
use primitives::time::Span;
use primitives::x509::Certificate;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use service::metadata::{self, Delivery, TakeError, Taken, Terms, Version};
use service::{Caller, Context};
use store::StoreError;
use tokio::sync::watch;
use webauthn::metadata::{LONGEST, Signer};

use crate::app::App;
use crate::config::{self, MetadataSource};
use crate::context::Reference;
use crate::outbound::{Ask, Bounds, Outbound, OutboundError};

/// How often a node looks whether another one, or the command line, has changed what holds.
const LOOK: Duration = Duration::from_secs(2);

/// What holds is judged anew so often, because reports name the day from which they count.
const ANEW: u32 = 1800;

/// What a blob may cost: its length is bounded by what is read anyway.
const BOUNDS: Bounds = Bounds { longest: LONGEST, deadline: Duration::from_secs(120) };

/// Rises when blobs are read in another way, so that one that is here already is fetched once more.
const READING: &str = "1";

/// Looks for blobs.
#[derive(Clone)]
pub struct Watch {
    source: Option<MetadataSource>,
    every: Span,
    terms: Terms,
    outbound: Outbound,
}

/// What a look brought.
#[derive(Clone, Debug)]
pub enum Looked {
    /// A blob, which holds now.
    Taken(Box<Taken>),
    /// Nothing that is not here already.
    Same,
}

impl Watch {
    /// Reads what the configuration points at. Connects to nothing.
    pub fn new(config: &config::Metadata, outbound: Outbound) -> Result<Self, Unusable> {
        let mut signer = Signer::alliance();
        if let Some(path) = &config.roots {
            signer.roots = certificates(path)?;
        }
        if let Some(name) = &config.signer {
            signer.name.clone_from(name);
        }
        let terms = Terms { signer, grace: config.grace };
        Ok(Self { source: config.source.clone(), every: config.every, terms, outbound })
    }

    /// By what blobs are judged.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Whether there is anything to look at.
    pub fn has_source(&self) -> bool {
        self.source.is_some()
    }

    /// Looks now, whoever else has looked lately, and says in the store what came of it.
    pub async fn look(
        &self,
        cx: &Context,
        caller: &mut Caller,
        actor: Actor,
    ) -> Result<Option<Looked>, LookError> {
        match metadata::claim_look(cx, Span::ZERO).await? {
            Some(etag) => self.look_now(cx, caller, actor, etag).await,
            None => Ok(None),
        }
    }

    async fn look_now(
        &self,
        cx: &Context,
        caller: &mut Caller,
        actor: Actor,
        etag: Option<String>,
    ) -> Result<Option<Looked>, LookError> {
        let Some(source) = &self.source else { return Ok(None) };
        let known = etag.as_deref().and_then(|etag| etag.strip_prefix(READING)?.strip_prefix(' '));
        let fetched = match source {
            MetadataSource::File(path) => from_file(path, known).await,
            MetadataSource::Url(target) => self.asked(Ask::get(target.clone()), known).await,
        };
        let outcome = match fetched {
            Ok(None) => Ok(Looked::Same),
            Ok(Some(Delivery { bytes, etag })) => {
                let etag = etag.map(|etag| format!("{READING} {etag}"));
                let taken = metadata::take(cx, caller, actor, Delivery { bytes, etag }, &self.terms).await;
                taken.map(|taken| Looked::Taken(Box::new(taken))).map_err(LookError::Take)
            }
            Err(error) => Err(error),
        };
        match &outcome {
            Ok(Looked::Taken(_)) => {}
            Ok(Looked::Same) => metadata::looked(cx, self.every, None).await?,
            Err(error) => metadata::looked(cx, self.every, Some(error.to_string())).await?,
        }
        outcome.map(Some)
    }

    async fn asked(&self, mut ask: Ask, known: Option<&str>) -> Result<Option<Delivery>, LookError> {
        // What a server once called it goes back to that server alone: a name from a file is none of its own.
        let known =
            known.filter(|known| known.contains('"')).and_then(|known| HeaderValue::from_str(known).ok());
        ask.headers.extend(known.map(|known| (header::IF_NONE_MATCH, known)));
        let reply = self.outbound.send(ask, BOUNDS).await.map_err(LookError::Outbound)?;
        match reply.status {
            StatusCode::OK => {
                let etag = reply.headers.get(header::ETAG).and_then(|etag| etag.to_str().ok());
                let etag = etag.filter(|etag| etag.len() <= 200).map(str::to_owned);
                Ok(Some(Delivery { bytes: reply.body.to_vec(), etag }))
            }
            StatusCode::NOT_MODIFIED => Ok(None),
            other => Err(LookError::Status(other)),
        }
    }
}

/// Reads a file, unless it is the one that was read before, by its time and length.
async fn from_file(path: &Path, known: Option<&str>) -> Result<Option<Delivery>, LookError> {
    let (path, known) = (path.to_owned(), known.map(str::to_owned));
    let read = tokio::task::spawn_blocking(move || read_file(&path, known.as_deref())).await;
    read.unwrap_or_else(|error| Err(io::Error::other(error))).map_err(LookError::File)
}

fn read_file(path: &Path, known: Option<&str>) -> io::Result<Option<Delivery>> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    let changed = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let etag = format!("file {changed} {}", about.len());
    if known == Some(etag.as_str()) {
        return Ok(None);
    }
    let bytes = read_bounded(file)?;
    Ok(Some(Delivery { bytes, etag: Some(etag) }))
}

/// One byte more than a blob may have shows that there are too many.
fn read_bounded(file: File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(u64::try_from(LONGEST).unwrap_or(u64::MAX).saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A blob in a file that somebody names.
pub fn delivery_of(path: &Path) -> io::Result<Delivery> {
    Ok(Delivery { bytes: read_bounded(File::open(path)?)?, etag: None })
}

fn certificates(path: &Path) -> Result<Vec<Certificate>, Unusable> {
    let unusable = |cause: String| Unusable { path: path.to_owned(), cause };
    let found = CertificateDer::pem_file_iter(path).map_err(|error| unusable(error.to_string()))?;
    let mut certificates = Vec::new();
    for der in found {
        let der = der.map_err(|error| unusable(error.to_string()))?;
        certificates.push(Certificate::parse(&der).map_err(|refusal| unusable(format!("{refusal:?}")))?);
    }
    if certificates.is_empty() {
        Err(unusable("it holds no certificate".to_owned()))
    } else {
        Ok(certificates)
    }
}

/// Why a look brought nothing.
#[derive(Debug)]
pub enum LookError {
    /// The file cannot be read.
    File(io::Error),
    /// The address does not answer.
    Outbound(OutboundError),
    /// It answers something else.
    Status(StatusCode),
    /// What came is not taken.
    Take(TakeError),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for LookError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl LookError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::File(_) => "metadata_file",
            Self::Outbound(error) => error.code(),
            Self::Status(_) => "metadata_status",
            Self::Take(error) => error.code(),
            Self::Store(_) => "unknown",
        }
    }
}

impl fmt::Display for LookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => write!(f, "the file cannot be read ({error})"),
            Self::Outbound(error) => error.fmt(f),
            Self::Status(status) => write!(f, "the server answered {status}"),
            Self::Take(error) => error.fmt(f),
            Self::Store(error) => write!(f, "the database failed: {error}"),
        }
    }
}

impl std::error::Error for LookError {}

/// Roots that cannot be used; says what to do.
#[derive(Debug)]
pub struct Unusable {
    path: PathBuf,
    cause: String,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} cannot be used for metadata ({}): correct `metadata.roots`.",
            self.path.display(),
            self.cause
        )
    }
}

impl std::error::Error for Unusable {}

/// The server by itself: no browser, no address.
fn system(app: &App) -> Caller {
    let mut entropy = app.ambient.entropy();
    Caller {
        now: app.ambient.now(),
        browser: BrowserId::from_bytes([0; 32]),
        client: ClientLabel::default(),
        reference: Reference::generate(entropy.as_mut()).as_str().to_owned(),
        entropy,
    }
}

/// What a node has loaded, and how many turns ago.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    version: Option<Version>,
    turns: u32,
}

/// One turn of a node: looks for a blob if it is time, and loads what has changed.
pub async fn turn(app: &App, watch: &Watch, loaded: &mut Loaded) -> Result<(), StoreError> {
    let cx = &app.service;
    if watch.has_source() && metadata::is_look_due(cx, watch.every).await? {
        look_in_turn(app, watch).await?;
    }
    loaded.turns = loaded.turns.saturating_add(1);
    let version = metadata::version(cx).await?;
    if loaded.version.as_ref() == Some(&version) && loaded.turns < ANEW {
        return Ok(());
    }
    loaded.version = Some(metadata::load(cx).await?);
    loaded.turns = 0;
    let told = metadata::rejudge(cx, &mut system(app)).await?;
    tracing::info!(models = cx.settings().models.len(), told, "models of authenticators were loaded");
    Ok(())
}

/// One node looks for all.
async fn look_in_turn(app: &App, watch: &Watch) -> Result<(), StoreError> {
    let cx = &app.service;
    let Some(etag) = metadata::claim_look(cx, watch.every).await? else { return Ok(()) };
    match watch.look_now(cx, &mut system(app), Actor::System, etag).await {
        Ok(Some(Looked::Taken(taken))) => {
            let unread = taken.faults.len();
            tracing::info!(number = taken.number, entries = taken.entries, unread, "metadata was taken");
        }
        Ok(_) => {}
        Err(LookError::Store(error)) => return Err(error),
        Err(error) => {
            tracing::warn!(%error, code = error.code(), "no newer metadata; what was taken before holds");
        }
    }
    Ok(())
}

/// Turns until `stop` says so.
pub(crate) async fn run(app: Arc<App>, watch: Watch, mut stop: watch::Receiver<bool>) {
    let mut loaded = Loaded::default();
    while !*stop.borrow() {
        if let Err(error) = turn(&app, &watch, &mut loaded).await {
            tracing::error!(%error, "models of authenticators could not be loaded");
        }
        let _ = tokio::time::timeout(LOOK, stop.changed()).await;
    }
}
