/** oidc-client-ts: a page that is its own client. This program only hands out files; the page does everything in the browser. */
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { createRequire } from 'node:module';
import { clientId, issuer, origin, variable } from './frame.mjs';

const library = readFileSync(createRequire(import.meta.url).resolve('oidc-client-ts').replace(/dist\/.*/, 'dist/browser/oidc-client-ts.min.js'));

const script = `
const manager = new oidc.UserManager({
  authority: ${JSON.stringify(issuer)},
  client_id: ${JSON.stringify(clientId)},
  redirect_uri: location.origin + '/callback',
  post_logout_redirect_uri: location.origin + '/',
  scope: 'openid profile email offline_access',
  loadUserInfo: true,
  filterProtocolClaims: false,
  automaticSilentRenew: false,
  userStore: new oidc.WebStorageStateStore({ store: localStorage }),
});
const show = (id, text) => {
  const element = document.createElement('p');
  element.id = id;
  element.textContent = text;
  document.body.append(element);
};
const shown = (user) => JSON.stringify({
  header: JSON.parse(atob(user.id_token.split('.')[0].replaceAll('-', '+').replaceAll('_', '/'))),
  claims: user.profile, userinfo: user.profile,
  access: user.access_token.slice(-16), refresh: user.refresh_token?.slice(-16) ?? null,
});
const pages = {
  '/': async () => { const user = await manager.getUser(); user ? show('state', shown(user)) : show('out', 'Signed out'); },
  '/login': () => manager.signinRedirect(),
  '/callback': async () => { await manager.signinCallback(); location.replace('/'); },
  '/refresh': async () => { await manager.signinSilent(); location.replace('/'); },
  '/logout': () => manager.signoutRedirect(),
};
pages[location.pathname]().catch(async (error) => { console.warn(error); await manager.removeUser(); show('error', error.error ?? String(error)); });
`;

const html = '<!doctype html><html lang="en"><title>Application</title><body><h1>Application</h1>'
  + '<script src="/library.js"></script><script src="/application.js"></script></body></html>';
/** @type {Record<string, [string, string | Buffer]>} */
const files = { '/library.js': ['text/javascript', library], '/application.js': ['text/javascript', script] };

https.createServer({ cert: readFileSync(variable('CERTIFICATE')), key: readFileSync(variable('KEY')) }, (request, response) => {
  const [type, body] = files[new URL(request.url ?? '/', origin).pathname] ?? ['text/html; charset=utf-8', html];
  response.writeHead(200, { 'Content-Type': type }).end(body);
}).listen(Number(new URL(origin).port), '127.0.0.1', () => console.log('ready'));
