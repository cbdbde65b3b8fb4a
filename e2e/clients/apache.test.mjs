/** mod_auth_openidc of Debian in an Apache of our own: sign-in, refresh, sign-out from both sides, the latter by back-channel. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { file, withClients } from '../harness/applications.mjs';
import { folderUntilTheEnd } from '../harness/tls.mjs';

/** @typedef {import('../harness/applications.mjs').Client} Client */
/** @typedef {import('../harness/applications.mjs').Place} Place */
/** @typedef {import('playwright-core').Page} Page */

const MODULES = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'dir', 'mime', 'include', 'filter', 'ssl', 'socache_shmcb',
  'auth_openidc'];

/** @param {string} folder @param {Place} place */
const configuration = (folder, place) => `
ServerRoot ${folder}
ServerName 127.0.0.1
User nobody
Group nogroup
Listen ${new URL(place.ORIGIN).port}
PidFile ${folder}/apache.pid
DefaultRuntimeDir ${folder}
ErrorLog "|/bin/cat"
LogLevel warn
${MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
StartServers 1
ServerLimit 1
ThreadsPerChild 8
MaxRequestWorkers 8
Mutex file:${folder} default
TypesConfig /etc/mime.types
DocumentRoot ${folder}/site
AddType text/html .shtml
AddOutputFilter INCLUDES .shtml
SSLEngine on
SSLCertificateFile ${place.CERTIFICATE}
SSLCertificateKeyFile ${place.KEY}

OIDCProviderMetadataURL ${place.ISSUER}/.well-known/openid-configuration
OIDCClientID ${place.CLIENT_ID}
OIDCClientSecret ${place.CLIENT_SECRET}
OIDCRedirectURI ${place.ORIGIN}/secure/redirect_uri
OIDCCryptoPassphrase a-passphrase-of-this-test
OIDCCABundlePath ${place.AUTHORITY}
OIDCScope "openid profile email offline_access"
OIDCPKCEMethod S256
OIDCPassIDTokenAs serialized
OIDCPassClaimsAs environment
OIDCInfoHook iat access_token id_token userinfo refresh_token session

<Location /secure>
  AuthType openid-connect
  Require valid-user
  Options +Includes
</Location>
`;

/** @param {Place} place */
function start(place) {
  const folder = folderUntilTheEnd('apache');
  mkdirSync(path.join(folder, 'site/secure'), { recursive: true });
  writeFileSync(path.join(folder, 'site/index.html'), '<!doctype html><title>Application</title><p id="out">Outside</p>');
  writeFileSync(path.join(folder, 'site/secure/index.shtml'),
    '<!doctype html><title>Application</title><p id="token"><!--#echo var="OIDC_id_token" --></p>');
  writeFileSync(path.join(folder, 'apache.conf'), configuration(folder, place));
  return {
    command: process.execPath,
    words: [file('apps/daemon.mjs'), new URL(place.ORIGIN).port, '/usr/sbin/apache2', '-f', path.join(folder, 'apache.conf'), '-DFOREGROUND'],
  };
}

/** What the module's own hook tells of the session. @param {Page} page */
async function told(page) {
  return page.evaluate(async () => {
    const answer = await fetch('/secure/redirect_uri?info=json');
    return { status: answer.status, info: answer.ok ? await answer.json() : undefined };
  });
}

/** @type {Client} */
const modAuthOpenidc = {
  name: 'mod_auth_openidc',
  registration: (origin) => ['--auth', 'client_secret_basic', '--redirect-uri', `${origin}/secure/redirect_uri`,
    '--post-logout-redirect-uri', `${origin}/index.html`, '--backchannel-logout-uri', `${origin}/secure/redirect_uri?logout=backchannel`,
    '--scopes', 'openid profile email offline_access', '--grants', 'authorization_code,refresh_token'],
  start,
  ways: {
    // Without its cookie the module begins anew.
    begin: async (page, origin) => {
      await page.context().clearCookies({ domain: '127.0.0.1' });
      await page.goto(`${origin}/secure/index.shtml`, { waitUntil: 'commit' });
    },
    arrived: async (page, origin) => {
      await page.waitForURL(`${origin}/secure/index.shtml`);
      const token = await page.locator('#token').textContent() ?? '';
      const { status, info } = await told(page);
      assert.equal(status, 200);
      const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
      return { header, claims: info.id_token, userinfo: info.userinfo, access: info.access_token, refresh: info.refresh_token };
    },
    refresh: async (page, origin) => {
      const { info } = await told(page);
      const words = new URLSearchParams({ refresh: `${origin}/secure/index.shtml`, access_token: info.access_token });
      await page.goto(`${origin}/secure/redirect_uri?${words}`);
      assert.equal(new URL(page.url()).searchParams.get('error_code'), null);
    },
    // The provider told it: there is no session that could be refreshed.
    over: async (page, origin) => {
      await page.goto(`${origin}/index.html`);
      const deadline = Date.now() + 2_000;
      while ((await told(page)).status !== 401) assert.ok(Date.now() < deadline, 'no logout token came within two seconds');
    },
    signOut: async (page, origin) => {
      await page.goto(`${origin}/secure/redirect_uri?logout=${encodeURIComponent(`${origin}/index.html`)}`, { waitUntil: 'commit' });
    },
    signedOut: async (page, origin) => {
      await page.waitForURL((url) => url.href.startsWith(`${origin}/index.html`));
      assert.equal((await told(page)).status, 401);
    },
  },
};

withClients('mod_auth_openidc with Apache', [modAuthOpenidc]);
