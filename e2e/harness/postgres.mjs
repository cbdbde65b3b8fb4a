/**
 * A private PostgreSQL for the core journeys: its own folder, a unix socket and no network, gone at the end.
 *
 * `KEYWARD_E2E_POSTGRES=postgres://…` names a running one instead; a database is then made in it for every scenario.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';

/** @type {{ url: (database: string) => string, psql: (statement: string) => void } | undefined} */
let running;

/** Why there is none here, or undefined when there is. */
export function missing() {
  if (process.env['KEYWARD_E2E_POSTGRES'] || programs()) return undefined;
  return 'no PostgreSQL programs on this machine (apt-get install postgresql)';
}

/** The URL of a new empty database. */
export function freshDatabase() {
  running ??= process.env['KEYWARD_E2E_POSTGRES'] ? given(process.env['KEYWARD_E2E_POSTGRES']) : launch();
  const name = `keyward_${randomBytes(6).toString('hex')}`;
  running.psql(`CREATE DATABASE ${name}`);
  return running.url(name);
}

/** The newest installed server's programs. */
function programs() {
  const base = '/usr/lib/postgresql';
  if (!existsSync(base)) return undefined;
  const version = readdirSync(base).filter((v) => existsSync(path.join(base, v, 'bin', 'initdb')))
    .sort((a, b) => Number(b) - Number(a))[0];
  return version === undefined ? undefined : path.join(base, version, 'bin');
}

function launch() {
  const bin = programs();
  if (bin === undefined) throw new Error(missing());
  const folder = mkdtempSync(path.join(os.tmpdir(), 'keyward-pg-'));
  chmodSync(folder, 0o755);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) execFileSync('chown', ['postgres', folder]);
  /** PostgreSQL refuses to run as root. @param {string} program @param {...string} words */
  const as = (program, ...words) => {
    const command = [path.join(bin, program), ...words];
    const [first, ...rest] = isRoot ? ['runuser', '-u', 'postgres', '--', ...command] : command;
    return execFileSync(/** @type {string} */ (first), rest, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  };
  const data = path.join(folder, 'data');
  as('initdb', '--no-sync', '--auth=trust', '--username=keyward', '--encoding=UTF8', '--locale=C', '-D', data);
  as('pg_ctl', '-w', '-D', data, '-l', path.join(folder, 'log'),
    '-o', `-c listen_addresses= -c unix_socket_directories=${folder} -c fsync=off`, 'start');
  process.on('exit', () => {
    try { as('pg_ctl', '-w', '-D', data, '-m', 'immediate', 'stop'); } finally { rmSync(folder, { recursive: true, force: true }); }
  });
  return {
    /** @param {string} database */
    url: (database) => `postgres:///${database}?host=${encodeURIComponent(folder)}&user=keyward`,
    /** @param {string} statement */
    psql: (statement) => { as('psql', '-q', '-h', folder, '-U', 'keyward', '-d', 'postgres', '-c', statement); },
  };
}

/** @param {string} base */
function given(base) {
  return {
    /** @param {string} database */
    url: (database) => { const url = new URL(base); url.pathname = `/${database}`; return url.href; },
    /** @param {string} statement */
    psql: (statement) => { execFileSync('psql', ['-q', '-d', base, '-c', statement], { stdio: ['ignore', 'ignore', 'inherit'] }); },
  };
}
