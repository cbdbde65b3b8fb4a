//! The openidconnect crate, as its documentation writes it: discovery, PKCE, ID token, userinfo, refresh, sign-out.
//!
//! A native application (RFC 8252): no secret, and a port of 127.0.0.1 that is another one at each start. Its pages are
//! those of `apps/frame.mjs`, over plain HTTP; there is one person, and so one session.

use std::env;
use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreIdTokenClaims, CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::reqwest;
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IssuerUrl, LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier,
    PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl, RefreshToken, RequestTokenError, Scope,
    TokenResponse,
};
use serde_json::{Value, json};
use url::Url;

type Done<T> = Result<T, Box<dyn Error>>;
type Discovered = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

struct Application {
    http: reqwest::blocking::Client,
    issuer: IssuerUrl,
    id: ClientId,
    origin: String,
    pending: Option<(CsrfToken, Nonce, PkceCodeVerifier)>,
    signed_in: Option<SignedIn>,
}

struct SignedIn {
    id_token: CoreIdToken,
    claims: CoreIdTokenClaims,
    userinfo: CoreUserInfoClaims,
    access: String,
    refresh: Option<RefreshToken>,
}

enum Answer {
    To(String),
    Page(String),
    Nothing,
}

fn main() -> Done<()> {
    let origin = env::var("ORIGIN")?;
    let authority = std::fs::read(env::var("AUTHORITY")?)?;
    let mut application = Application {
        http: reqwest::blocking::ClientBuilder::new()
            .redirect(reqwest::redirect::Policy::none())
            .add_root_certificate(reqwest::Certificate::from_pem(&authority)?)
            .build()?,
        issuer: IssuerUrl::new(env::var("ISSUER")?)?,
        id: ClientId::new(env::var("CLIENT_ID")?),
        pending: None,
        signed_in: None,
        origin,
    };
    let port = Url::parse(&application.origin)?.port().ok_or("ORIGIN has no port")?;
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    println!("ready");
    for stream in listener.incoming() {
        if let Err(error) = application.serve(&stream?) {
            eprintln!("{error}");
        }
    }
    Ok(())
}

impl Application {
    fn serve(&mut self, stream: &TcpStream) -> Done<()> {
        let mut first = String::new();
        let mut lines = BufReader::new(stream);
        lines.read_line(&mut first)?;
        let mut header = String::new();
        while lines.read_line(&mut header)? > 2 {
            header.clear();
        }
        let target = first.split(' ').nth(1).unwrap_or("/");
        let answer = self.answer(target).unwrap_or_else(|error| {
            eprintln!("{error}");
            self.signed_in = None;
            Answer::Page(format!("<p id=\"error\">{error}</p>"))
        });
        let mut stream = stream;
        match &answer {
            Answer::To(place) => write!(stream, "HTTP/1.1 303 See Other\r\nLocation: {place}\r\n")?,
            Answer::Page(_) => {
                write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n")?
            }
            Answer::Nothing => write!(stream, "HTTP/1.1 404 Not Found\r\n")?,
        }
        let body = match &answer {
            Answer::Page(body) => {
                format!(
                    "<!doctype html><html lang=\"en\"><title>Application</title><h1>Application</h1>{body}</html>"
                )
            }
            Answer::To(_) | Answer::Nothing => String::new(),
        };
        Ok(write!(stream, "Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())?)
    }

    fn answer(&mut self, target: &str) -> Done<Answer> {
        let address = Url::parse(&self.origin)?.join(target)?;
        let home = || Answer::To("/".to_owned());
        Ok(match address.path() {
            "/" => self.home()?,
            "/login" => Answer::To(self.begin()?),
            "/callback" => {
                self.signed_in = Some(self.finish(&address)?);
                home()
            }
            "/refresh" => {
                self.signed_in = Some(self.refresh()?);
                home()
            }
            "/logout" => Answer::To(self.sign_out()?),
            _ => Answer::Nothing,
        })
    }

    fn home(&self) -> Done<Answer> {
        let Some(SignedIn { id_token, claims, userinfo, access, refresh }) = &self.signed_in else {
            return Ok(Answer::Page("<p id=\"out\">Signed out</p>".to_owned()));
        };
        let ending = |text: &str| text.get(text.len().saturating_sub(16)..).unwrap_or_default().to_owned();
        let mut claims = serde_json::to_value(claims)?;
        // The core type keeps the standard claims; of the rest, the test wants to know the session.
        let unread: Value = serde_json::from_slice(&decoded(id_token.to_string().split('.').nth(1)))?;
        claims["sid"] = unread["sid"].clone();
        let header: Value = serde_json::from_slice(&decoded(id_token.to_string().split('.').next()))?;
        let state = json!({
            "header": header, "claims": claims, "userinfo": userinfo,
            "access": ending(access), "refresh": refresh.as_ref().map(|token| ending(token.secret())),
        });
        let shown = state.to_string().replace('<', "\\u003c");
        Ok(Answer::Page(format!("<script type=\"application/json\" id=\"state\">{shown}</script>")))
    }

    /// The provider as it describes itself now: its keys are part of that, and are read anew with it.
    fn discover(&self) -> Done<(Discovered, ProviderMetadataWithLogout)> {
        let metadata = openidconnect::core::CoreProviderMetadata::discover(&self.issuer, &self.http)?;
        let logout = ProviderMetadataWithLogout::discover(&self.issuer, &self.http)?;
        let client = CoreClient::from_provider_metadata(metadata, self.id.clone(), None);
        Ok((client.set_redirect_uri(RedirectUrl::new(format!("{}/callback", self.origin))?), logout))
    }

    fn begin(&mut self) -> Done<String> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (client, _) = self.discover()?;
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let (address, state, nonce) = ["profile", "email", "offline_access"]
            .into_iter()
            .fold(client.authorize_url(flow, CsrfToken::new_random, Nonce::new_random), |request, scope| {
                request.add_scope(Scope::new(scope.to_owned()))
            })
            .set_pkce_challenge(challenge)
            .url();
        self.pending = Some((state, nonce, verifier));
        Ok(address.into())
    }

    fn finish(&mut self, address: &Url) -> Done<SignedIn> {
        let given = |name: &str| {
            address.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let (state, nonce, verifier) = self.pending.take().ok_or("no request is pending")?;
        if given("state").as_ref() != Some(state.secret()) {
            return Err("another state".into());
        }
        let code = AuthorizationCode::new(given("code").ok_or("no code")?);
        let (client, _) = self.discover()?;
        let tokens = client.exchange_code(code)?.set_pkce_verifier(verifier).request(&self.http)?;
        self.check(&client, &tokens, Some(&nonce))
    }

    fn refresh(&mut self) -> Done<SignedIn> {
        let old = self.signed_in.as_ref().and_then(|signed_in| signed_in.refresh.clone());
        let (client, _) = self.discover()?;
        let asked = client.exchange_refresh_token(&old.ok_or("nobody is signed in")?)?.request(&self.http);
        let tokens = asked.map_err(|error| match error {
            RequestTokenError::ServerResponse(said) => said.error().to_string(),
            other => other.to_string(),
        })?;
        self.check(&client, &tokens, None)
    }

    fn check(
        &self,
        client: &Discovered,
        tokens: &CoreTokenResponse,
        nonce: Option<&Nonce>,
    ) -> Done<SignedIn> {
        let id_token = tokens.id_token().ok_or("no ID token")?;
        let verifier = client.id_token_verifier();
        let claims = match nonce {
            Some(nonce) => id_token.claims(&verifier, nonce)?,
            // OpenID Connect Core section 12.2: a refreshed one need not have the nonce.
            None => id_token.claims(&verifier, |_: Option<&Nonce>| Ok(()))?,
        };
        if let Some(expected) = claims.access_token_hash() {
            let actual = AccessTokenHash::from_token(
                tokens.access_token(),
                id_token.signing_alg()?,
                id_token.signing_key(&verifier)?,
            )?;
            if actual != *expected {
                return Err("at_hash is of another token".into());
            }
        }
        let asked = client.user_info(tokens.access_token().clone(), Some(claims.subject().clone()))?;
        Ok(SignedIn {
            claims: claims.clone(),
            userinfo: asked.request(&self.http)?,
            access: tokens.access_token().secret().clone(),
            refresh: tokens.refresh_token().cloned(),
            id_token: id_token.clone(),
        })
    }

    fn sign_out(&mut self) -> Done<String> {
        let signed_in = self.signed_in.take().ok_or("nobody is signed in")?;
        let (_, metadata) = self.discover()?;
        let end =
            metadata.additional_metadata().end_session_endpoint.clone().ok_or("no end_session_endpoint")?;
        let request = LogoutRequest::from(end)
            .set_id_token_hint(&signed_in.id_token)
            .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(format!("{}/", self.origin))?);
        Ok(request.http_get_url().into())
    }
}

/// The bytes of one part of a JWT.
fn decoded(part: Option<&str>) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' => 62,
        _ => 63,
    };
    let (mut out, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for byte in part.unwrap_or_default().bytes() {
        held = (held << 6) | u32::from(value(byte));
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
        }
    }
    out
}
