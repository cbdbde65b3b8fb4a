/**
 * A small web application: pages, sessions in memory, HTTPS. What it knows of OpenID Connect stands in the module that
 * uses it, as its library's documentation writes it.
 *
 * Its surroundings come in variables: ISSUER, CLIENT_ID, CLIENT_SECRET, ORIGIN (its own), CERTIFICATE and KEY; which
 * authority to trust is Node's own variable NODE_EXTRA_CA_CERTS.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import https from 'node:https';

/** @param {string} name */
export function variable(name) {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

export const issuer = variable('ISSUER');
export const clientId = variable('CLIENT_ID');
export const clientSecret = process.env['CLIENT_SECRET'] ?? '';
export const origin = variable('ORIGIN');

/**
 * @typedef {object} SignedIn
 * @property {string} idToken
 * @property {Record<string, any>} claims of the ID token, as the library checked them
 * @property {Record<string, any>} userinfo
 * @property {string} accessToken
 * @property {string | undefined} refreshToken
 */

/**
 * @typedef {object} RelyingParty
 * @property {() => Promise<{ location: string, pending: any }>} begin
 * @property {(url: URL, pending: any) => Promise<SignedIn>} finish
 * @property {(session: SignedIn) => Promise<SignedIn>} refresh
 * @property {(session: SignedIn) => Promise<string>} endAddress where the browser goes to sign out of everything
 */

/** @typedef {{ pending?: any, signedIn?: SignedIn }} Session */

/** @type {Map<string, Session>} */
const sessions = new Map();

/** A short name for a secret: what tests compare. @param {string | undefined} text */
const digest = (text) => (text === undefined ? null : createHash('sha256').update(text).digest('hex').slice(0, 16));

/** @param {SignedIn} signedIn */
function state({ idToken, claims, userinfo, accessToken, refreshToken }) {
  const header = JSON.parse(Buffer.from(idToken.split('.')[0] ?? '', 'base64url').toString());
  return { header, claims, userinfo, access: digest(accessToken), refresh: digest(refreshToken) };
}

/** @param {string} body */
const page = (body) => `<!doctype html><html lang="en"><title>Application</title><h1>Application</h1>${body}</html>`;

/** @param {Session} session */
function home(session) {
  if (session.signedIn === undefined) return page('<p id="out">Signed out</p><a href="/login">Sign in</a>');
  const shown = JSON.stringify(state(session.signedIn)).replaceAll('<', '\\u003c');
  return page(`<script type="application/json" id="state">${shown}</script>
    <a href="/login">Sign in again</a> <a href="/refresh">Refresh</a> <a href="/logout">Sign out</a>`);
}

/** @param {RelyingParty} party @param {URL} url @param {Session} session @returns {Promise<{ location?: string, body?: string }>} */
async function answer(party, url, session) {
  switch (url.pathname) {
    case '/': return { body: home(session) };
    case '/login': {
      const { location, pending } = await party.begin();
      session.pending = pending;
      return { location };
    }
    case '/callback': {
      const pending = session.pending;
      delete session.pending;
      session.signedIn = await party.finish(url, pending);
      return { location: '/' };
    }
    case '/refresh': {
      if (session.signedIn) session.signedIn = await party.refresh(session.signedIn);
      return { location: '/' };
    }
    case '/logout': {
      const location = session.signedIn ? await party.endAddress(session.signedIn) : '/';
      delete session.signedIn;
      return { location };
    }
    default: return {};
  }
}

// Cookies know no ports: two applications of one host need two names.
const NAME = `app-${new URL(origin).port}`;
const COOKIE = new RegExp(`(?:^|; )${NAME}=([0-9a-f]{32})`);

/** Serves it. @param {RelyingParty} party */
export function serve(party) {
  const tls = { cert: readFileSync(variable('CERTIFICATE')), key: readFileSync(variable('KEY')) };
  const server = https.createServer(tls, async (request, response) => {
    const given = COOKIE.exec(request.headers.cookie ?? '')?.[1];
    const id = given !== undefined && sessions.has(given) ? given : randomBytes(16).toString('hex');
    const session = sessions.get(id) ?? {};
    sessions.set(id, session);
    response.setHeader('Set-Cookie', `${NAME}=${id}; Path=/; Secure; HttpOnly; SameSite=Lax`);
    try {
      const { location, body } = await answer(party, new URL(request.url ?? '/', origin), session);
      if (location !== undefined) response.writeHead(303, { Location: location }).end();
      else response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': 'text/html; charset=utf-8' }).end(body);
    } catch (error) {
      // A grant that is gone ends the session here too; the page says which error the library reported.
      delete session.signedIn;
      console.error(error);
      const { name, error: code } = /** @type {any} */ (error);
      const said = String(code ?? name).replaceAll(/[^\w-]/g, '');
      response.writeHead(502, { 'Content-Type': 'text/html; charset=utf-8' }).end(page(`<p id="error">${said}</p>`));
    }
  });
  server.listen(Number(new URL(origin).port), '127.0.0.1', () => console.log('ready'));
}
