/**
 * The program under test: the real binary, a fresh database, a free port.
 *
 * People and passes are made by the command line on the database of the running server, as an operator would.
 */
import { spawn, execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
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

/**
 * @typedef {object} StartOptions
 * @property {string} [database] a PostgreSQL URL; SQLite in a temporary folder without one
 * @property {boolean} [demo] with its own database and people
 * @property {Record<string, string>} [settings] variables such as `KEYWARD_PASSKEYS_POST_QUANTUM`
 * @property {string} [listen] address and port; a free port of 127.0.0.1 without
 */

/** One running server and its database. */
export class Server {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  /** Its log: shown when a scenario fails. */
  log = '';
  /** What `serve --json` said when it was ready. @type {any} */
  ready;

  /**
   * @param {string} folder temporary, removed on close
   * @param {string | undefined} database path or URL; nothing for a demonstration, which has its own
   * @param {Record<string, string>} settings variables of `serve`
   */
  constructor(folder, database, settings) {
    this.folder = folder;
    this.database = database;
    this.settings = settings;
  }

  /**
   * Starts a server on an empty database and waits until it says that it is ready.
   * @param {StartOptions} [options]
   */
  static async start(options = {}) {
    if (!existsSync(binary)) throw new Error(`no program at ${binary}: run cargo build --bin keyward`);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'keyward-e2e-'));
    const database = options.demo ? undefined : options.database ?? path.join(folder, 'keyward.db');
    const server = new Server(folder, database, options.settings ?? {});
    try {
      await server.#spawn(options.listen ?? '127.0.0.1:0');
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  /** Where browsers find it. @returns {string} */
  get origin() {
    return this.ready.origin;
  }

  /** @param {string} listen */
  async #spawn(listen) {
    const child = spawn(binary, ['serve', '--json', '--listen', listen, ...this.#place()], {
      cwd: this.folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: this.folder, ...this.settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stderr.on('data', (chunk) => { this.log += chunk; });
    const line = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the server was not ready within 30 s:\n${this.log}`)), 30_000);
      let said = '';
      child.stdout.on('data', (chunk) => {
        said += chunk;
        const end = said.indexOf('\n');
        if (end >= 0) { clearTimeout(timer); resolve(said.slice(0, end)); }
      });
      child.once('exit', (code) => { clearTimeout(timer); reject(new Error(`the server ended with ${code}:\n${this.log}`)); });
    });
    this.ready = JSON.parse(line);
  }

  /** Where the database and its key are, as both `serve` and the commands want it. @returns {string[]} */
  #place() {
    if (this.database === undefined) return ['--demo'];
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
    await this.#spawn(this.ready.listen);
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
      env: { PATH: process.env['PATH'] ?? '', HOME: this.folder, ...this.settings },
    });
    return stdout.trim() === '' ? undefined : JSON.parse(stdout);
  }

  /**
   * The same with something to read: what should stand in no list of processes.
   * @param {string} input
   * @param {...string} words
   */
  async commandWith(input, ...words) {
    const started = run(binary, [...words, '--json', ...this.#place()], {
      cwd: this.folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: this.folder, ...this.settings },
    });
    started.child.stdin?.end(input);
    const { stdout } = await started;
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

  /** What the first start left for its operator: nobody looks at a terminal here, so it is in a file. */
  async firstAdministrator() {
    const { login, passFile } = this.ready.firstAdministrator;
    return { email: login, pass: (await readFile(passFile, 'utf8')).trim(), passFile };
  }
}
