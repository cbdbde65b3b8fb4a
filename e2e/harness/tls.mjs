/** A certification authority of our own, and a certificate for this machine: made anew for each run, trusted by nobody else. */
import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The names of tunnel domains 266 and 256 (CTAP 2.3 section 11.5.1.3): our relay's, and a bad one's. */
export const TUNNELS = ['cable.wufkweyy3uaxb.com', 'cable.qz2ekwmnd332c.info'];

/**
 * @typedef {object} Certificates
 * @property {string} authority path of the authority's certificate: what clients are told to trust
 * @property {string} certificate path of the certificate for localhost and 127.0.0.1
 * @property {string} key path of its key
 * @property {string} ca the authority's certificate itself
 * @property {string} pin base64 of the SHA-256 of the certificate's public key: what Chromium is told to trust
 */

/** @type {Promise<Certificates> | undefined} */
let made;

/** The certificates of this process. */
export function certificates() {
  return made ??= make();
}

async function make() {
  const folder = folderUntilTheEnd('tls');
  const at = (/** @type {string} */ name) => path.join(folder, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await run('openssl', ['req', '-x509', ...key, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-days', '2', '-subj', '/CN=Keyward e2e',
    '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign']);
  await run('openssl', ['req', ...key, '-keyout', at('server.key'), '-out', at('server.csr'), '-subj', '/CN=localhost']);
  await writeFile(at('extensions'), `subjectAltName=DNS:localhost,IP:127.0.0.1,DNS:${TUNNELS.join(',DNS:')}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n`);
  await run('openssl', ['x509', '-req', '-in', at('server.csr'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial',
    '-days', '2', '-extfile', at('extensions'), '-out', at('server.pem')]);
  const publicKey = new X509Certificate(await readFile(at('server.pem'))).publicKey.export({ type: 'spki', format: 'der' });
  return {
    authority: at('ca.pem'),
    certificate: at('server.pem'),
    key: at('server.key'),
    ca: await readFile(at('ca.pem'), 'utf8'),
    pin: createHash('sha256').update(publicKey).digest('base64'),
  };
}

/** A temporary folder that goes with this process. Others may read it: some servers run as somebody who may nothing. @param {string} name */
export function folderUntilTheEnd(name) {
  const folder = mkdtempSync(path.join(os.tmpdir(), `keyward-${name}-`));
  chmodSync(folder, 0o755);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A port that nobody listens on. @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const listener = net.createServer();
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', () => {
      const address = listener.address();
      listener.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
