//! An HTTP/1.1 connection that costs a load generator next to nothing: one write and usually one read for each
//! request, buffers reused, nothing parsed that is not asked for.
//!
//! Plain HTTP only: with TLS the figures would be those of the handshake and the cipher.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// Larger answers than this are no answer of ours.
const MAX_ANSWER: usize = 8 * 1024 * 1024;

/// Why no answer arrived.
#[derive(Debug)]
pub(crate) enum HttpError {
    /// The socket failed.
    Io(std::io::Error),
    /// The server closed the connection in the middle of an answer.
    Closed,
    /// The answer is no HTTP/1.1 that this client reads.
    Malformed(&'static str),
}

impl HttpError {
    /// A stable code, for counting.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            HttpError::Io(_) => "connection_failed",
            HttpError::Closed => "connection_closed",
            HttpError::Malformed(_) => "malformed_answer",
        }
    }
}

impl std::fmt::Display for HttpError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            HttpError::Io(error) => error.fmt(f),
            HttpError::Closed => f.write_str("the server closed the connection in the middle of an answer"),
            HttpError::Malformed(what) => write!(f, "the answer is not HTTP/1.1 as expected: {what}"),
        }
    }
}

impl From<std::io::Error> for HttpError {
    fn from(error: std::io::Error) -> Self {
        HttpError::Io(error)
    }
}

/// Where a server listens and how it is addressed.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    /// The socket.
    pub(crate) address: SocketAddr,
    /// The `Host` header, such as `localhost:8080`.
    pub(crate) authority: String,
}

impl Endpoint {
    /// The origin that pages from there have, such as `http://localhost:8080`.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.authority)
    }
}

/// What a request carries.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body<'a> {
    /// GET, as a browser navigates.
    None,
    /// POST by a script of the page, `application/json`.
    Json(&'a str),
    /// POST of a form of the page, `application/x-www-form-urlencoded`.
    Form(&'a str),
    /// What a program asks, that is no browser and says nothing of itself.
    Program {
        /// `Authorization`; none if empty.
        authorization: &'a str,
        /// POST of that form; GET if there is none.
        form: Option<&'a str>,
    },
}

/// One keep-alive connection.
pub(crate) struct Connection {
    endpoint: Endpoint,
    stream: TcpStream,
    output: String,
    input: Vec<u8>,
    /// The body of a chunked answer, put together.
    joined: Vec<u8>,
}

/// One answer; borrows the connection's buffer until the next request.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    /// Status code.
    pub(crate) status: u16,
    head: &'a str,
    /// The body's bytes.
    pub(crate) body: &'a [u8],
}

impl<'a> Answer<'a> {
    /// Status line and headers.
    pub(crate) fn head(&self) -> &'a str {
        self.head
    }

    /// The value of the first header of that name.
    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        headers(self.head).find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The value of the cookie that the answer sets; `None` also where it deletes it with an empty value.
    pub(crate) fn cookie(&self, name: &str) -> Option<&'a str> {
        headers(self.head)
            .filter(|(header, _)| header.eq_ignore_ascii_case("set-cookie"))
            .filter_map(|(_, value)| value.strip_prefix(name)?.strip_prefix('='))
            .map(|rest| rest.split(';').next().unwrap_or(rest))
            .find(|value| !value.is_empty())
    }
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(endpoint: &Endpoint) -> Result<Self, HttpError> {
        Self::over(TcpStream::connect(endpoint.address).await?, endpoint)
    }

    /// The same from an address of this machine: all of 127.0.0.0/8 is.
    pub(crate) async fn open_from(own: Ipv4Addr, endpoint: &Endpoint) -> Result<Self, HttpError> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((own, 0).into())?;
        Self::over(socket.connect(endpoint.address).await?, endpoint)
    }

    fn over(stream: TcpStream, endpoint: &Endpoint) -> Result<Self, HttpError> {
        // A request is one write; waiting for more would only delay it.
        stream.set_nodelay(true)?;
        Ok(Self {
            endpoint: endpoint.clone(),
            stream,
            output: String::with_capacity(4096),
            input: Vec::with_capacity(16 * 1024),
            joined: Vec::new(),
        })
    }

    /// Sends one request with the given `Cookie` header (empty: none) and waits for its answer.
    ///
    /// After an error the connection is useless: open another.
    pub(crate) async fn send(
        &mut self,
        path: &str,
        cookies: &str,
        body: Body<'_>,
    ) -> Result<Answer<'_>, HttpError> {
        self.write_request(path, cookies, body);
        self.stream.write_all(self.output.as_bytes()).await?;
        self.input.clear();
        let head_length = loop {
            if let Some(length) = find(&self.input, b"\r\n\r\n") {
                break length + 4;
            }
            self.fill().await?;
        };
        let length = self.body_length(head_length)?;
        match length {
            Length::Known(length) => {
                while self.input.len() < head_length + length {
                    self.fill().await?;
                }
                self.joined.clear();
            }
            Length::Chunked => self.join_chunks(head_length).await?,
        }
        let (head, rest) = self.input.split_at_checked(head_length).ok_or(HttpError::Closed)?;
        let head = std::str::from_utf8(head).map_err(|_| HttpError::Malformed("its head is not text"))?;
        let status = status_of(head).ok_or(HttpError::Malformed("no status line"))?;
        let body = match length {
            Length::Known(length) => rest.get(..length).unwrap_or(rest),
            Length::Chunked => &self.joined,
        };
        Ok(Answer { status, head, body })
    }

    fn write_request(&mut self, path: &str, cookies: &str, body: Body<'_>) {
        let out = &mut self.output;
        out.clear();
        let (method, mode, kind, text) = match body {
            Body::Program { authorization, form } => {
                return write_program(out, &self.endpoint.authority, path, (authorization, form));
            }
            Body::None => ("GET", "navigate", "", ""),
            Body::Json(text) => ("POST", "cors", "application/json", text),
            Body::Form(text) => ("POST", "navigate", "application/x-www-form-urlencoded", text),
        };
        let authority = &self.endpoint.authority;
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "{method} {path} HTTP/1.1\r\nhost: {authority}\r\nuser-agent: Mozilla/5.0 (X11; Linux x86_64) \
             AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36\r\naccept: */*\r\n\
             accept-language: en\r\nsec-fetch-site: same-origin\r\nsec-fetch-mode: {mode}\r\n"
        );
        if !cookies.is_empty() {
            let _ = write!(out, "cookie: {cookies}\r\n");
        }
        if !kind.is_empty() {
            let length = text.len();
            let _ = write!(
                out,
                "origin: http://{authority}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n"
            );
        }
        out.push_str("\r\n");
        out.push_str(text);
    }

    /// Reads once more, at least one byte.
    async fn fill(&mut self) -> Result<(), HttpError> {
        if self.input.len() > MAX_ANSWER {
            return Err(HttpError::Malformed("larger than 8 MiB"));
        }
        match self.stream.read_buf(&mut self.input).await? {
            0 => Err(HttpError::Closed),
            _ => Ok(()),
        }
    }

    fn body_length(&self, head_length: usize) -> Result<Length, HttpError> {
        let head = self.input.get(..head_length).and_then(|head| std::str::from_utf8(head).ok());
        let head = head.ok_or(HttpError::Malformed("its head is not text"))?;
        let mut length = None;
        for (name, value) in headers(head) {
            if name.eq_ignore_ascii_case("content-length") {
                length = Some(value.parse().map_err(|_| HttpError::Malformed("its content-length"))?);
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                return Ok(Length::Chunked);
            }
        }
        match (length, status_of(head)) {
            (Some(length), _) => Ok(Length::Known(length)),
            (None, Some(204 | 304)) => Ok(Length::Known(0)),
            (None, _) => Err(HttpError::Malformed("neither content-length nor chunks")),
        }
    }

    /// Puts the chunks of RFC 9112 section 7.1 together; trailers are not expected.
    async fn join_chunks(&mut self, head_length: usize) -> Result<(), HttpError> {
        self.joined.clear();
        let mut at = head_length;
        loop {
            let line = loop {
                let rest = self.input.get(at..).unwrap_or_default();
                if let Some(end) = find(rest, b"\r\n") {
                    break rest.get(..end).unwrap_or_default();
                }
                self.fill().await?;
            };
            let size = std::str::from_utf8(line).ok().and_then(|line| usize::from_str_radix(line, 16).ok());
            let size = size.ok_or(HttpError::Malformed("a chunk's size"))?;
            let start = at + line.len() + 2;
            while self.input.len() < start + size + 2 {
                self.fill().await?;
            }
            self.joined.extend_from_slice(self.input.get(start..start + size).unwrap_or_default());
            at = start + size + 2;
            if size == 0 {
                return Ok(());
            }
        }
    }
}

/// As libraries of applications write it.
fn write_program(out: &mut String, authority: &str, path: &str, (authorization, form): (&str, Option<&str>)) {
    let method = if form.is_some() { "POST" } else { "GET" };
    // Writing to a String cannot fail.
    let _ = write!(out, "{method} {path} HTTP/1.1\r\nhost: {authority}\r\naccept: application/json\r\n");
    if !authorization.is_empty() {
        let _ = write!(out, "authorization: {authorization}\r\n");
    }
    if let Some(form) = form {
        let length = form.len();
        let _ =
            write!(out, "content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n");
    }
    out.push_str("\r\n");
    out.push_str(form.unwrap_or_default());
}

enum Length {
    Known(usize),
    Chunked,
}

fn headers(head: &str) -> impl Iterator<Item = (&str, &str)> {
    head.split("\r\n")
        .skip(1)
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name, value.trim()))
}

fn status_of(head: &str) -> Option<u16> {
    head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests;
