//! Messages of syslog (RFC 5424), by UDP (RFC 5426), TCP (RFC 6587, octet counting) or TLS (RFC 5425).
//!
//! Syslog acknowledges nothing. Over TCP and TLS we send what there is, close our half, and wait until the server has
//! closed its own: then it has read everything. Whatever else happens is a failure, and the events are sent again.

use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use service::export_log::Line;
use service::hooks::message::ascii;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio_rustls::TlsConnector;

use super::NotWritten;
use crate::config::{Syslog, SyslogWay};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);

/// Facility "log audit" (13).
const FACILITY: u8 = 13;

/// The longest that goes into a datagram over IPv4.
const LONGEST_DATAGRAM: usize = 65_507;

/// Sends events to one server.
pub(super) struct Sender {
    server: Syslog,
    tls: Arc<ClientConfig>,
    host: String,
}

impl Sender {
    pub(super) fn new(server: Syslog, tls: Arc<ClientConfig>, host: &str) -> Self {
        Self { server, tls, host: host.to_owned() }
    }

    /// Sends `lines` in order.
    pub(super) async fn send(&self, lines: &[Line]) -> Result<(), NotWritten> {
        let messages: Vec<String> = lines.iter().map(|line| message(line, &self.host)).collect();
        match self.server.way {
            SyslogWay::Udp => self.datagrams(&messages).await,
            SyslogWay::Tcp => hand_over(self.connect().await?, &frames(&messages)).await,
            SyslogWay::Tls => {
                let name = ServerName::try_from(self.server.host.clone()).map_err(NotWritten::because)?;
                let stream = TlsConnector::from(Arc::clone(&self.tls)).connect(name, self.connect().await?);
                hand_over(stream.await.map_err(NotWritten::because)?, &frames(&messages)).await
            }
        }
    }

    fn address(&self) -> (&str, u16) {
        (self.server.host.as_str(), self.server.port)
    }

    async fn connect(&self) -> Result<TcpStream, NotWritten> {
        let connected = tokio::time::timeout(CONNECT, TcpStream::connect(self.address())).await;
        connected.map_err(|_| NotWritten::because("no answer"))?.map_err(NotWritten::because)
    }

    async fn datagrams(&self, messages: &[String]) -> Result<(), NotWritten> {
        let found = tokio::net::lookup_host(self.address()).await.map_err(NotWritten::because)?.next();
        let there = found.ok_or_else(|| NotWritten::because("the name has no address"))?;
        let here = if there.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
        let socket = UdpSocket::bind(here).await.map_err(NotWritten::because)?;
        // Connected, so that we hear where nobody listens.
        socket.connect(there).await.map_err(NotWritten::because)?;
        for message in messages {
            // ASCII alone: no character is cut.
            let datagram = message.as_bytes().get(..LONGEST_DATAGRAM).unwrap_or(message.as_bytes());
            socket.send(datagram).await.map_err(NotWritten::because)?;
        }
        Ok(())
    }
}

/// Each message behind its length.
fn frames(messages: &[String]) -> String {
    messages.iter().map(|message| format!("{} {message}", message.len())).collect()
}

async fn hand_over(mut stream: impl AsyncRead + AsyncWrite + Unpin, frames: &str) -> Result<(), NotWritten> {
    stream.write_all(frames.as_bytes()).await.map_err(NotWritten::because)?;
    stream.shutdown().await.map_err(NotWritten::because)?;
    let mut rest = [0; 256];
    loop {
        match stream.read(&mut rest).await {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            // It closed without TLS's goodbye, but it closed: nothing was reset.
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(NotWritten::because(error)),
        }
    }
}

/// One message without structured data; its text is the event in JSON, on one line and in ASCII.
fn message(line: &Line, host: &str) -> String {
    let priority = FACILITY * 8 + severity(line.kind);
    // Names of kinds and hosts are ASCII without blanks; longer ones than RFC 5424 takes are cut.
    let kind: String = line.kind.chars().take(32).collect();
    let host: String = host.chars().take(255).collect();
    format!("<{priority}>1 {} {host} keyward - {kind} - {}", line.at, ascii(&line.event))
}

/// Alert (1), warning (4), notice (5) or informational (6).
fn severity(kind: &str) -> u8 {
    match kind {
        "break_glass_used" | "passkey_model_broken" | "counter_anomaly" => 1,
        "entry_reported" | "hook_disabled" => 4,
        _ if kind.ends_with("_refused") || kind.ends_with("_locked") => 4,
        "signed_in" | "signed_in_otherwise" | "signed_out" | "confirmed" => 6,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use primitives::time::Timestamp;
    use serde_json::json;

    use super::*;

    #[test]
    fn messages_are_those_of_rfc_5424() {
        let line = Line {
            seq: 7,
            at: Timestamp::parse_rfc3339("2026-11-22T15:58:00.25Z").unwrap(),
            kind: "sign_in_refused",
            event: json!({ "seq": 7, "note": "a\n<1>1 forged ä\u{2028}" }),
        };
        let text = message(&line, "id.example.com");
        assert_eq!(
            text,
            "<108>1 2026-11-22T15:58:00Z id.example.com keyward - sign_in_refused - \
             {\"note\":\"a\\n<1>1 forged \\u00e4\\u2028\",\"seq\":7}"
        );
        assert_eq!(frames(&[text.clone(), "x".to_owned()]), format!("{} {text}1 x", text.len()));
        assert_eq!((severity("break_glass_used"), severity("signed_in"), severity("user_added")), (1, 6, 5));
    }
}
