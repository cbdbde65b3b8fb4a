//! What the configuration says about connections to others, and about metadata.

use std::net::IpAddr;
use std::path::PathBuf;

use primitives::time::Span;
use serde::Deserialize;

use super::raw::{span, value};
use super::{ConfigRefusal, Network, is_host_name};
use crate::outbound::Target;

/// How this server connects to others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbound {
    /// Host and port of a proxy that knows CONNECT, if connections go through one.
    pub proxy: Option<String>,
    /// Hosts and networks that may be connected to although they are not on the internet.
    pub allow: Vec<Allowed>,
    /// A PEM file of certificates to trust instead of the system's.
    pub certificates: Option<PathBuf>,
}

/// What may be connected to although it is not on the internet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// A host by its name, whatever its address.
    Host(String),
    /// Addresses.
    Network(Network),
}

impl Allowed {
    /// Whether it is that host.
    pub fn is_host(&self, host: &str) -> bool {
        matches!(self, Allowed::Host(name) if name == host)
    }

    /// Whether that address lies in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        matches!(self, Allowed::Network(network) if network.contains(address))
    }
}

/// Where metadata comes from, and how it is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Where the blob is, if it is looked for.
    pub source: Option<MetadataSource>,
    /// How often it is looked for.
    pub every: Span,
    /// For how long after its day a blob is still taken.
    pub grace: Span,
    /// A PEM file of the signer's roots instead of those of the FIDO Alliance.
    pub roots: Option<PathBuf>,
    /// The signer's name instead of the FIDO Alliance's.
    pub signer: Option<String>,
}

impl Default for Metadata {
    /// Nothing is looked for; what is loaded is the Alliance's.
    fn default() -> Self {
        let (every, grace) = (Span::from_hours(6), Span::from_days(30));
        Self { source: None, every, grace, roots: None, signer: None }
    }
}

/// Where a blob is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataSource {
    /// At an `https` address.
    Url(Target),
    /// In a file.
    File(PathBuf),
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawOutbound {
    proxy: Option<String>,
    allow: Vec<String>,
    certificates: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawMetadata {
    source: Option<String>,
    every: Option<String>,
    grace: Option<String>,
    roots: Option<PathBuf>,
    signer: Option<String>,
}

pub(super) fn outbound(raw: RawOutbound) -> Result<Outbound, ConfigRefusal> {
    let allow = raw.allow.iter().map(|text| match text.parse::<Network>() {
        Ok(network) => Ok(Allowed::Network(network)),
        Err(_) if is_host_name(text) => Ok(Allowed::Host(text.clone())),
        Err(_) => {
            Err(value("outbound.allow", &format!("{text}: write a host name or a range such as 10.0.0.0/8")))
        }
    });
    Ok(Outbound {
        proxy: raw.proxy.as_deref().map(proxy).transpose()?,
        allow: allow.collect::<Result<_, _>>()?,
        certificates: raw.certificates,
    })
}

/// `http://proxy.example.com:3128`, or host and port alone.
fn proxy(text: &str) -> Result<String, ConfigRefusal> {
    let bare = text.strip_prefix("http://").unwrap_or(text).trim_end_matches('/');
    let port = bare.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
    if bare.contains(['/', '@', ' ']) || port.is_none_or(|port| port == 0) {
        return Err(value("outbound.proxy", "write host and port, such as http://proxy.example.com:3128"));
    }
    Ok(bare.to_owned())
}

pub(super) fn metadata(raw: RawMetadata) -> Result<Metadata, ConfigRefusal> {
    let usual = Metadata::default();
    let every = span("metadata.every", raw.every.as_deref(), usual.every)?;
    if every < Span::from_minutes(1) {
        return Err(value("metadata.every", "once a minute is the most"));
    }
    let source = raw.source.map(|text| match text.contains("://") {
        false => Ok(MetadataSource::File(PathBuf::from(text))),
        true => text
            .parse()
            .map(MetadataSource::Url)
            .map_err(|error: crate::outbound::NotATarget| value("metadata.source", &error.to_string())),
    });
    Ok(Metadata {
        source: source.transpose()?,
        every,
        grace: span("metadata.grace", raw.grace.as_deref(), usual.grace)?,
        roots: raw.roots,
        signer: raw.signer,
    })
}
