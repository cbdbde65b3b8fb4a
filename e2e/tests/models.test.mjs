/** Models of authenticators: metadata from a file, a model that is reported broken, own roots. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createPrivateKey, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { promisify } from 'node:util';
import { look, scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';

const run = promisify(execFile);
const folder = mkdtempSync(path.join(os.tmpdir(), 'keyward-models-'));
after(() => rm(folder, { recursive: true, force: true }));

/** @param {string} name */
const file = (name) => path.join(folder, name);

/** What DevTools' virtual authenticators say they are. */
const MODEL = '01020304-0506-0708-0102-030405060708';

const SETTINGS = {
  settings: {
    KEYWARD_METADATA_SOURCE: file('blob.jwt'),
    KEYWARD_METADATA_ROOTS: file('signer.pem'),
    KEYWARD_METADATA_SIGNER: 'mds.test',
  },
};

/** A key with a certificate of its own, which is its own root. @param {string} name @param {string} host */
async function certify(name, host) {
  await run('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30',
    '-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`, '-keyout', file(`${name}.key`), '-out', file(`${name}.pem`),
  ]);
}

/** @param {string} pem */
const body = (pem) => pem.replaceAll(/-----[A-Z ]+-----|\s/g, '');

/** A blob of that number in which the model has that status. @param {number} no @param {string} status */
function publish(no, status) {
  const entry = {
    aaguid: MODEL,
    statusReports: [{ status, effectiveDate: '2020-01-01' }],
    metadataStatement: { description: 'Virtual key', keyProtection: ['hardware'], attestationTypes: ['basic_full'] },
  };
  const header = { alg: 'ES256', typ: 'JWT', x5c: [body(readFileSync(file('signer.pem'), 'utf8'))] };
  const parts = [header, { no, nextUpdate: '2099-01-01', entries: [entry] }];
  const input = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const key = createPrivateKey(readFileSync(file('signer.key')));
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  writeFileSync(file('blob.jwt'), `${input}.${signature.toString('base64url')}\n`);
}

/** An administrator at their desk. @param {import('../harness/index.mjs').Stage} stage */
async function desk(stage) {
  const person = await stage.newUser();
  await stage.server.command('role', 'set', person.email, 'administrator');
  const visitor = await stage.desktop();
  await step.settleIn(visitor, person, { name: 'Work laptop' });
  return visitor;
}

await certify('signer', 'mds.test');
await certify('root', 'keys.example.com');
publish(1, 'FIDO_CERTIFIED_L1');

scenario('Models: what is known, and what a report of a broken model does at once', async (stage) => {
  const visitor = await desk(stage);
  const { page } = visitor;
  await stage.server.commandWith('', 'metadata', 'refresh');
  await page.goto('/admin/models');
  const row = page.getByRole('row', { name: /Virtual key/ });
  assert.match(await row.innerText(), /1\s+L1\s+Keys in hardware\s+Nothing reported/);
  await look(visitor, 'models');

  publish(2, 'REVOKED');
  const taken = await stage.server.commandWith('', 'metadata', 'refresh');
  assert.deepEqual([taken.number, taken.changed, taken.told], [2, true, 1]);
  await page.reload();
  assert.match(await row.innerText(), /Revoked/);
  await look(visitor, 'models-revoked');
  await page.goto('/me/notices');
  await step.says(page, /The model of a passkey was reported unsafe/);

  // An older one does not come back, and the page says why.
  publish(1, 'FIDO_CERTIFIED_L1');
  await assert.rejects(stage.server.commandWith('', 'metadata', 'refresh'), /metadata_number/);
}, SETTINGS);

scenario('Models: a root is looked at, confirmed, used and removed', async (stage) => {
  const visitor = await desk(stage);
  const { page } = visitor;
  await page.goto('/admin/models');
  await step.says(page, /No metadata was taken yet/);
  await step.link(page, 'Add a root').click();
  await step.box(page, 'Name').fill('Our keys');
  await step.box(page, 'Certificate').fill('nonsense');
  await look(visitor, 'models-root');
  await step.button(page, 'Check').click();
  await step.says(page, /this is no certificate in PEM/);
  await step.box(page, 'Certificate').fill(readFileSync(file('root.pem'), 'utf8'));
  await step.box(page, 'For models').fill('0f0f0f0f-0000-4000-8000-000000000001');
  await step.button(page, 'Check').click();
  await page.getByRole('heading', { level: 1, name: 'Trust this root?' }).waitFor();
  await step.says(page, /keys\.example\.com/);
  await look(visitor, 'models-root-review');
  await step.button(page, 'Trust this root').click();
  await step.at(page, '/admin/models');
  await step.says(page, /Our keys is trusted from now on/);
  await look(visitor, 'models-roots');
  await step.button(page, 'Remove Our keys').click();
  await step.says(page, /Our keys is trusted no longer/);
  assert.deepEqual(await stage.server.commandWith('', 'metadata', 'roots', 'list'), []);
});
