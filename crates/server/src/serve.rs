//! `keyward serve`: from a configuration to a listening server, and to its end.

mod connections;
mod demo;
mod first_start;
mod listen;
mod only_http1;

use account::policy::Audience;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use service::attest_devices::AttestError;
use tokio::sync::{Notify, watch};

use crate::admission::Bounds;
use crate::app::{App, Site, router};
use crate::cli::{Common, Serve};
use crate::commands::Failure;
use crate::config::{Config, Origin};
use crate::context::Ambient;
use crate::mail::Mailer;
use crate::metadata::Watch;
use crate::node::{Node, Use};
use crate::outbound::Outbound;
use crate::text::Language;
use crate::{background, export, log, measure, metadata, tls, tunnels};

/// Runs the server until it is told to stop.
pub(crate) fn run(common: &Common, arguments: &Serve) -> Result<(), Failure> {
    let mut overlay = common.overlay();
    arguments.overlay(&mut overlay);
    let demo = if arguments.demo { Some(demo::Folder::make(&mut overlay)?) } else { None };
    let mut config = Config::load(common.config.as_deref(), &overlay)?;
    // Somebody there signs in with a password, as many people do before their first passkey.
    if arguments.demo {
        config.policy.passwords.audience = Audience::everybody();
    }
    config.check()?;
    log::start(&config.log).map_err(Failure::usage)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::refused)?;
    let purpose =
        Use::Serve { accept_restored: arguments.accept_restored, accept_clock: arguments.accept_clock };
    let outcome = runtime.block_on(serve(common, &config, purpose, demo.is_some()));
    // The folder of a demonstration goes last, when nothing uses it any more.
    drop(runtime);
    drop(demo);
    outcome
}

async fn serve(common: &Common, config: &Config, purpose: Use, demo: bool) -> Result<(), Failure> {
    let signals = listen::Signals::install().map_err(Failure::refused)?;
    // Before anything is made on disk: a port that is taken is the commonest mistake.
    let listener = bind(config.listen, "listen")?;
    let metrics = config.metrics_listen.map(|address| bind(address, "metrics_listen")).transpose()?;
    let bound = listener.local_addr().map_err(Failure::refused)?;
    let origin = config.origin_at(bound);
    let tls = match &config.tls {
        Some(files) => Some((tls::load(files).map_err(Failure::refused)?, files.clone())),
        None => None,
    };
    let node = Node::open(config, &origin, purpose).await?;
    let Node { service, anchor, key_file } = node;
    let site = site(config, &origin);
    let mailer = config.mail.as_ref().map(|mail| Mailer::new(mail, &site)).transpose();
    let mailer = mailer.map_err(Failure::usage)?;
    let outbound = Outbound::new(&config.outbound).map_err(Failure::usage)?;
    let exports = export::exports(&config.export, &outbound, origin.host());
    let (hooks, logout) = (outbound.clone(), outbound.clone());
    let watch = Watch::new(&config.metadata, outbound).map_err(Failure::usage)?;
    let app = App::new(Arc::new(service), site, Ambient::system());

    // Before anybody asks for the key set.
    service::signing_keys::ensure(&app.service)
        .await
        .map_err(|error| Failure::refused(format!("No keys to sign tokens with ({}).", error.code())))?;
    match service::attest_devices::reseal(&app.service).await {
        // Nobody is kept from signing in because no certificates can be issued.
        Err(AttestError::Sealed) => {
            tracing::error!(
                "no root key opens the attestation authority: it certifies nothing until it is made anew"
            );
        }
        Err(error) => {
            let told = format!("The attestation authority cannot be read ({}).", error.code());
            return Err(Failure::refused(told));
        }
        Ok(()) => {}
    }

    let mut ready = json!({ "ready": true, "origin": origin.as_str(), "listen": bound.to_string() });
    let told = if demo {
        demo::people(&app.service, &origin).await?
    } else {
        first_start::tell(&app.service, &origin, &config.key_file).await?
    };
    let (stop, stopping) = watch::channel(false);
    let reload = Arc::new(Notify::new());
    let relay = config.relay.limits(connections::room(config.limits.connections)).map(tunnels::start);
    if let Some(listener) = metrics {
        let address = listener.local_addr().map_err(Failure::refused)?;
        put(&mut ready, "metricsListen", json!(address.to_string()));
        let router = measure::start(app.service.db.clone(), relay.clone()).map_err(Failure::refused)?;
        tokio::spawn(listen::metrics(listener, router, stopping.clone()));
    }
    if let Some((config, files)) = &tls {
        tokio::spawn(tls::keep_fresh(config.clone(), files.clone(), Arc::clone(&reload)));
    }
    let mut tasks = background::start(&app, anchor, mailer, &stopping);
    tasks.push(tokio::spawn(metadata::run(Arc::clone(&app), watch, stopping.clone())));
    tasks.push(tokio::spawn(crate::hooks::run(Arc::clone(&app), hooks, stopping.clone())));
    tasks.push(tokio::spawn(crate::logout::run(Arc::clone(&app), logout, stopping.clone())));
    for one in exports {
        tasks.push(tokio::spawn(export::run(Arc::clone(&app), one, stopping.clone())));
    }
    announce(common, &origin, bound, ready, told)?;
    tracing::info!(origin = origin.as_str(), listen = %bound, version = env!("CARGO_PKG_VERSION"), "ready");

    let tls = tls.map(|(config, _)| config);
    let live = app.live.clone();
    let pages = match &relay {
        Some(relay) => tunnels::beside(router(app), relay.clone(), &config.trusted_proxies),
        None => router(app),
    };
    let outcome = listen::pages(listener, pages, tls, config, signals, reload, live).await;
    relay.iter().for_each(tunnel::Tunnels::end);
    // Only now: the sequencer's last turn chains what the last requests did.
    let _ = stop.send(true);
    for task in tasks {
        let _ = task.await;
    }
    drop(key_file);
    tracing::info!("stopped");
    outcome.map_err(|error| Failure::refused(format!("The server ended: {error}.")))
}

fn bind(address: SocketAddr, key: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|error| {
        Failure::refused(format!("{address} cannot be listened on ({error}): choose another `{key}`."))
    })
}

/// What pages, headers and mails say about the deployment of `config`.
pub(crate) fn site(config: &Config, origin: &Origin) -> Site {
    Site {
        rp_id: config.rp_id_for(origin),
        former_rp_id: config.former_rp_id.clone(),
        related_origins: config.related_origins.clone(),
        organisation: config.organisation.clone(),
        language: Language::parse(&config.organisation.language).unwrap_or(Language::English),
        trusted_proxies: config.trusted_proxies.clone(),
        looks_for_metadata: config.metadata.source.is_some(),
        registration: config.oidc.registration,
        client_documents: config.oidc.client_documents,
        outbound: config.outbound.clone(),
        read_only_until: config.read_only_until,
        relay: config.relay.enabled,
        mails: config.mail.is_some(),
        deadline: config.limits.request,
        bounds: Bounds { requests: config.limits.requests, body: config.limits.body },
        ..Site::at(origin.clone())
    }
}

/// What was made at the start and must be told once.
struct Told {
    text: String,
    json: Value,
    key: &'static str,
}

fn put(object: &mut Value, key: &str, value: Value) {
    if let Value::Object(fields) = object {
        fields.insert(key.to_owned(), value);
    }
}

/// Says where to go, on standard output: this is the answer of the command, not its log.
fn announce(
    common: &Common,
    origin: &Origin,
    bound: SocketAddr,
    mut ready: Value,
    told: Option<Told>,
) -> Result<(), Failure> {
    if let Some(told) = &told {
        put(&mut ready, told.key, told.json.clone());
    }
    crate::commands::print(common, &ready, || {
        let place = format!("Keyward listens on {bound}. Open {origin}/ in a browser.");
        told.map_or(place.clone(), |told| format!("{place}\n\n{}", told.text))
    })
}

/// The folder in which a file lies.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
