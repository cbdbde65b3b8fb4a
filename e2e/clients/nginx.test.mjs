/** Forward authentication by nginx's `auth_request`: nginx of Debian before an application that knows no sign-in. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { file, keySet, rotate, withClients } from '../harness/applications.mjs';
import * as step from '../harness/steps.mjs';
import { folderUntilTheEnd, freePort } from '../harness/tls.mjs';

/** @typedef {import('../harness/applications.mjs').Client} Client */
/** @typedef {import('../harness/applications.mjs').Place} Place */
/** @typedef {import('playwright-core').Page} Page */

const behind = await freePort();

/** As in docs/admin/forward-auth.md, but that Keyward speaks TLS here and the application's host has a port. @param {string} folder @param {Place} place */
const configuration = (folder, place) => `
daemon off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 64; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ')}
  proxy_ssl_verify on;
  proxy_ssl_trusted_certificate ${place.AUTHORITY};
  proxy_ssl_name localhost;
  proxy_ssl_server_name on;
  server {
    listen ${new URL(place.ORIGIN).host} ssl;
    ssl_certificate ${place.CERTIFICATE};
    ssl_certificate_key ${place.KEY};

    location / {
      auth_request /_keyward;
      auth_request_set $user $upstream_http_remote_user;
      auth_request_set $name $upstream_http_remote_name;
      auth_request_set $email $upstream_http_remote_email;
      auth_request_set $groups $upstream_http_remote_groups;
      auth_request_set $assertion $upstream_http_x_keyward_assertion;
      proxy_set_header Remote-User $user;
      proxy_set_header Remote-Name $name;
      proxy_set_header Remote-Email $email;
      proxy_set_header Remote-Groups $groups;
      proxy_set_header X-Keyward-Assertion $assertion;
      proxy_pass http://127.0.0.1:${behind};
      error_page 401 = @enter;
    }
    location @enter {
      return 302 /.keyward/start?rd=$request_uri;
    }
    location = /_keyward {
      internal;
      proxy_pass ${place.ISSUER}/forward/check;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Uri $request_uri;
      proxy_set_header X-Forwarded-Method $request_method;
      proxy_set_header X-Forwarded-For $remote_addr;
    }
    location /.keyward/ {
      proxy_pass ${place.ISSUER};
      proxy_redirect off;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Uri $request_uri;
      proxy_set_header X-Forwarded-For $remote_addr;
    }
  }
}
`;

/** @type {Client} */
const nginx = {
  name: 'Wiki behind nginx',
  settings: { KEYWARD_TRUSTED_PROXIES: '127.0.0.1' },
  registration: (origin) => ['--url', origin, '--guard', origin, '--redirect-uri', `${origin}/.keyward/callback`, '--scopes', 'openid profile email groups'],
  start: (place) => {
    const folder = folderUntilTheEnd('nginx');
    writeFileSync(path.join(folder, 'nginx.conf'), configuration(folder, place));
    const program = path.join(process.env['KEYWARD_CLIENTS'] ?? '', 'nginx/usr/sbin/nginx');
    return {
      command: process.execPath,
      words: [file('apps/daemon.mjs'), new URL(place.ORIGIN).port, program, '-p', folder, '-e', 'stderr', '-c', path.join(folder, 'nginx.conf')],
    };
  },
};

/** What the application behind it was told. @param {Page} page @param {string} origin @returns {Promise<{ path: string, told: Record<string, string> }>} */
async function shown(page, origin) {
  await page.waitForURL((url) => url.origin === origin && !url.pathname.startsWith('/.keyward/'));
  return JSON.parse(await page.locator('#state').textContent() ?? '');
}

/** The claims of an assertion, checked with the published keys as an application would. @param {string} assertion @param {string} issuer */
async function checked(assertion, issuer) {
  const [header, payload, signature] = assertion.split('.');
  const read = (/** @type {string | undefined} */ part) => JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
  const { kid, alg } = read(header);
  assert.equal(alg, 'ES256');
  const jwk = (await keySet(issuer)).find((one) => one['kid'] === kid);
  assert.ok(jwk, 'its key is published');
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const good = verify('sha256', Buffer.from(`${header}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature ?? '', 'base64url'));
  assert.ok(good, 'its signature is good');
  return { kid, claims: read(payload) };
}

withClients('nginx auth_request', [nginx], async (stage, [application]) => {
  assert.ok(application);
  const backend = spawn(process.execPath, [file('apps/headers.mjs')], { env: { PORT: String(behind) }, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(/** @type {import('node:stream').Readable} */ (backend.stdout), 'data');
    const { origin } = application;
    const issuer = stage.server.origin;
    const ana = await stage.newUser();
    const desk = await stage.desktop();
    const { page } = desk;
    desk.watch.leaveAlone(origin);
    await step.settleIn(desk, ana);
    await step.signOut(desk);

    // Sign-in by passkey on the way, and back to the very address.
    await page.setExtraHTTPHeaders({ 'Remote-User': 'mallory', 'X-Keyward-Assertion': 'made-up' });
    await page.goto(`${origin}/page?x=1&y=2`, { waitUntil: 'commit' });
    const first = await shown(page, origin);
    assert.equal(first.path, '/page?x=1&y=2');
    assert.equal(first.told['remote-user'], ana.email, 'what a browser made up is not what is passed on');
    assert.equal(first.told['remote-name'], ana.name);
    assert.equal(first.told['remote-email'], ana.email);
    const before = await checked(first.told['x-keyward-assertion'] ?? '', issuer);
    assert.equal(before.claims['iss'], issuer);
    assert.equal(before.claims['aud'], origin);
    assert.ok(before.claims['exp'] - Date.now() / 1000 <= 61);

    // Single sign-on holds for the next request; keys change while everything runs.
    await rotate(stage);
    await page.goto(`${origin}/other`);
    const second = await shown(page, origin);
    assert.equal(second.path, '/other');
    const after = await checked(second.told['x-keyward-assertion'] ?? '', issuer);
    assert.notEqual(after.kid, before.kid);

    // Signed out at the provider: the next request is asked for a sign-in again.
    await page.goto(`${issuer}/me/security`);
    await step.signOut(desk);
    await desk.authenticator.touch(false);
    await page.goto(`${origin}/page`, { waitUntil: 'commit' });
    await step.at(page, '/signin');
    assert.equal(new URL(page.url()).origin, issuer);
  } finally {
    backend.kill();
  }
});
