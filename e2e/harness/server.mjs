/**
 * The program under test: the real binary, a fresh database, a free port.
 *
 * People and passes are made by the command line on the database of the running server, as an operator would.
 */
import { spawn, execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** The binary: `KEYWARD_BIN`, or what `cargo build --bin keyward` leaves. */
export const binary = process.env['KEYWARD_BIN']
  ?? path.join(process.env['CARGO_TARGET_DIR'] ?? path.join(root, 'target'), 'debug', 'keyward');

/**
 * @typedef {object} Issued what `keyward pass issue --json` prints
 * @property {string} id
 * @property {string} pass
 * @property {string} startsAt
 * @property {string} endsAt
 * @property {boolean} oneTime
 */

/** One running server and its database. */
export class Server {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  /** Everything it said on either stream: shown when a scenario fails. */
  log = '';
  /** What it said on standard output only. */
  output = '';

  /**
   * @param {string} folder temporary, removed on close
   * @param {string} database path or URL
   * @param {number} port
   */
  constructor(folder, database, port) {
    this.folder = folder;
    this.database = database;
    this.port = port;
    this.origin = `http://localhost:${port}`;
  }

  /**
   * Starts a server on an empty database and waits until it says that it is ready.
   * @param {{ database?: string }} [options] a PostgreSQL URL; SQLite in a temporary folder without one
   */
  static async start(options = {}) {
    if (!existsSync(binary)) throw new Error(`no program at ${binary}: run cargo build --bin keyward`);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'keyward-e2e-'));
    const server = new Server(folder, options.database ?? path.join(folder, 'keyward.db'), await freePort());
    await server.#spawn();
    return server;
  }

  async #spawn() {
    const child = spawn(binary, ['serve', '--origin', this.origin, '--listen', `127.0.0.1:${this.port}`, ...this.#place()], {
      cwd: this.folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: this.folder, RUST_LOG: process.env['RUST_LOG'] ?? 'info' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stdout.on('data', (chunk) => { this.log += chunk; this.output += chunk; });
    child.stderr.on('data', (chunk) => { this.log += chunk; });
    const deadline = Date.now() + 30_000;
    while (Date.now() < deadline) {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${this.log}`);
      const ready = await fetch(`http://127.0.0.1:${this.port}/readyz`, { headers: { host: `localhost:${this.port}` } })
        .then((answer) => answer.ok, () => false);
      if (ready) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`the server was not ready within 30 s:\n${this.log}`);
  }

  /** Where the database and its key are, as both `serve` and the commands want it. */
  #place() {
    const key = this.database.includes('://') ? ['--key-file', path.join(this.folder, 'keyward.key')] : [];
    return ['--database', this.database, ...key];
  }

  /** Stops it gracefully; the database stays. */
  async stop() {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(timer);
  }

  /** Stops it and starts it again on the same database and port. */
  async restart() {
    await this.stop();
    await this.#spawn();
  }

  /** Stops it and removes its folder. */
  async close() {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /**
   * Runs a command of the program with `--json` and returns what it printed.
   * @param {...string} words
   * @returns {Promise<any>}
   */
  async command(...words) {
    const { stdout } = await run(binary, [...words, '--json', ...this.#place()], {
      cwd: this.folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: this.folder },
    });
    return stdout.trim() === '' ? undefined : JSON.parse(stdout);
  }

  /**
   * @param {string} email
   * @param {string} name
   * @returns {Promise<{ id: string, email: string, name: string }>}
   */
  async addUser(email, name) {
    return this.command('user', 'add', email, '--name', name);
  }

  /**
   * @param {string} email
   * @param {...string} options for example `--once`
   * @returns {Promise<Issued>}
   */
  async issuePass(email, ...options) {
    return this.command('pass', 'issue', email, ...options);
  }
}

/** A port that was free a moment ago. */
async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
