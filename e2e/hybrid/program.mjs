/** Programs that say on their standard output when they are ready. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where cargo leaves programs. */
export const built = path.join(process.env['CARGO_TARGET_DIR'] ?? path.join(root, 'target'), 'debug');

/** An example of testkit, built by `cargo build -p testkit --examples`. @param {string} name */
export const example = (name) => path.join(built, 'examples', name);

export class Program {
  /** Those that run. @type {Set<Program>} */
  static #running = new Set();
  /** The last ones that were started. @type {Program[]} */
  static recent = [];

  /** Everything it said on both outputs: shown when a scenario fails. */
  log = '';
  /** What it printed on standard output. */
  out = '';
  #rest = '';
  /** @type {((line: string) => void)[]} */
  #listeners = [];
  /** @type {string[]} */
  #unheard = [];
  /** @type {Set<() => void>} told of all that it says */
  #hearers = new Set();

  /** @param {import('node:child_process').ChildProcessWithoutNullStreams} child @param {string} name */
  constructor(child, name) {
    this.child = child;
    this.name = name;
    /** @type {Promise<number | null>} */
    this.exited = once(child, 'exit').then(([code]) => { Program.#running.delete(this); return code; });
    Program.#running.add(this);
    Program.recent = [...Program.recent.slice(-2), this];
    child.stdin.on('error', () => {});
    child.stderr.on('data', (chunk) => this.#add(chunk));
    child.stdout.on('data', (chunk) => {
      this.#add(chunk);
      this.out += chunk;
      this.#rest += chunk;
      const lines = this.#rest.split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#tell(line);
    });
  }

  /** @param {string} binary @param {string[]} words @param {Record<string, string>} [variables] @param {string} [folder] */
  static spawn(binary, words, variables = {}, folder = root) {
    if (binary.includes('/') && !existsSync(binary)) throw new Error(`no program at ${binary}: ./check builds it`);
    const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/', ...variables };
    return new Program(spawn(binary, words, { cwd: folder, env, stdio: 'pipe' }), path.basename(binary));
  }

  /** Ends all that run still: what a scenario that failed has left behind. */
  static async endAll() {
    await Promise.all([...Program.#running].map((program) => program.end()));
  }

  /** @param {string} chunk */
  #add(chunk) {
    this.log += chunk;
    for (const hear of this.#hearers) hear();
  }

  /** @param {string} line */
  #tell(line) {
    if (this.#listeners.length === 0) this.#unheard.push(line);
    for (const listener of this.#listeners) listener(line);
  }

  /** Has every further line, and those that nobody heard yet. @param {(line: string) => void} listener */
  onLine(listener) {
    this.#listeners.push(listener);
    for (const line of this.#unheard.splice(0)) listener(line);
  }

  /** The next line that nobody heard yet, within ten seconds. @returns {Promise<string>} */
  firstLine() {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${this.name} said nothing:\n${this.log}`)), 10_000);
      const heard = (/** @type {string} */ line) => {
        clearTimeout(timer);
        this.#listeners = this.#listeners.filter((other) => other !== heard);
        resolve(line);
      };
      const waiting = this.#unheard.shift();
      if (waiting !== undefined) heard(waiting);
      else this.#listeners.push(heard);
      void this.exited.then((code) => { clearTimeout(timer); reject(new Error(`${this.name} ended with ${code}:\n${this.log}`)); });
    });
  }

  /** Returns once it has said that, on either output, within fifteen seconds; what it said before counts. @param {RegExp} pattern */
  heard(pattern) {
    return new Promise((resolve, reject) => {
      const end = (/** @type {Error | undefined} */ error) => {
        clearTimeout(timer);
        this.#hearers.delete(hear);
        if (error) reject(error);
        else resolve(undefined);
      };
      const hear = () => { if (pattern.test(this.log)) end(undefined); };
      const timer = setTimeout(() => end(new Error(`${this.name} did not say ${pattern}:\n${this.log}`)), 15_000);
      this.#hearers.add(hear);
      hear();
      void this.exited.then((code) => end(new Error(`${this.name} ended with ${code} and did not say ${pattern}:\n${this.log}`)));
    });
  }

  /** @param {string} text */
  say(text) {
    this.child.stdin.write(text);
  }

  /** Ends it and waits until it has ended. */
  async end() {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      const timer = setTimeout(() => this.child.kill('SIGKILL'), 3000);
      await this.exited;
      clearTimeout(timer);
    }
  }
}
