/** The phone: `keyfob scan`, with a camera that sees what is on the screen. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { folderUntilTheEnd } from '../harness/tls.mjs';
import { Program, built } from './program.mjs';

const run = promisify(execFile);
const binary = path.join(built, 'keyfob');

/** What the person of a phone types. */
export const PASSPHRASE = 'a passphrase for tests alone';

/**
 * @typedef {object} Outcome
 * @property {number | null} code what it exited with
 * @property {string} said on standard error
 * @property {any} json on standard output, if it was done
 */

/** A relay, as the phone knows it. @typedef {{ domain: number, address: string, authority: string }} Relay */

export class Phone {
  /** @type {{ hint: string, milliseconds: Record<string, number> }[]} where the time went, of every scan that was done, and what its code was for */
  times = [];
  /** What the last code was for that it saw: `mc` or `ga`. */
  #hint = '';

  /** @type {string | undefined} file of the vault's passphrase, where it has one */
  passphrase;

  /** @param {string} vault @param {string} bus address of the system bus @param {Relay} relay */
  constructor(vault, bus, relay) {
    this.vault = vault;
    this.bus = bus;
    this.relay = relay;
  }

  /** A phone with an empty vault that approves by itself. @param {string} bus @param {Relay} relay */
  static async make(bus, relay) {
    const vault = path.join(folderUntilTheEnd('vault'), 'vault');
    const phone = new Phone(vault, bus, relay);
    await run(binary, ['init', '--vault', vault, '--unattended'], { env: phone.#variables() });
    return phone;
  }

  /** A phone whose person is asked, on a terminal, and proves who they are by the vault's passphrase. @param {string} bus @param {Relay} relay */
  static async ofAPerson(bus, relay) {
    const folder = folderUntilTheEnd('vault');
    const phone = new Phone(path.join(folder, 'vault'), bus, relay);
    phone.passphrase = path.join(folder, 'passphrase');
    await writeFile(phone.passphrase, `${PASSPHRASE}\n`, { mode: 0o600 });
    await run(binary, ['init', '--vault', phone.vault, '--passphrase-file', phone.passphrase], { env: phone.#variables() });
    return phone;
  }

  /** Scans a picture on a terminal of its own: what is shown there is what it says. @param {string} picture @returns {Program} */
  startOnTerminal(picture) {
    const { domain, address, authority } = this.relay;
    const words = [binary, 'scan', '--picture', picture, '--vault', this.vault, '--passphrase-file', String(this.passphrase),
      '--relay-domain', String(domain), '--relay-address', address, '--relay-ca', authority];
    if (words.some((word) => /[^\w./:-]/.test(word))) throw new Error(`a shell would change one of ${words}`);
    return Program.spawn('script', ['-qefc', words.join(' '), '/dev/null'], { ...this.#variables(), LANG: 'C', SHELL: '/bin/sh' });
  }

  #variables() {
    return { PATH: process.env['PATH'] ?? '', HOME: path.dirname(this.vault), DBUS_SYSTEM_BUS_ADDRESS: this.bus };
  }

  /** Scans a picture and does what the other device asks. @param {string} picture @param {Partial<Relay>} [other] @returns {Program} */
  start(picture, other = {}) {
    const { domain, address, authority } = { ...this.relay, ...other };
    return Program.spawn(binary, ['scan', '--picture', picture, '--json', '--vault', this.vault,
      '--relay-domain', String(domain), '--relay-address', address, '--relay-ca', authority], this.#variables());
  }

  /** The same with the code's own text. @param {string} text @param {Partial<Relay>} [other] @returns {Program} */
  startText(text, other = {}) {
    const { domain, address, authority } = { ...this.relay, ...other };
    return Program.spawn(binary, ['scan', '--text', text, '--json', '--vault', this.vault,
      '--relay-domain', String(domain), '--relay-address', address, '--relay-ca', authority], this.#variables());
  }

  /** What became of it. @param {Program} program @returns {Promise<Outcome>} */
  async outcome(program) {
    const code = await program.exited;
    const json = program.out.trim() === '' ? undefined : JSON.parse(program.out);
    if (json) this.times.push({ hint: this.#hint, milliseconds: json.milliseconds });
    return { code, said: program.log, json };
  }

  /** Both. @param {string} picture @param {Partial<Relay>} [other] */
  async scan(picture, other) {
    return this.outcome(this.start(picture, other));
  }

  /** What the code in a picture says; nothing where none is seen. @param {string} picture */
  async look(picture) {
    const looked = run(binary, ['scan', '--show', '--picture', picture, '--json'], { env: this.#variables() });
    return looked.then(({ stdout }) => {
      const code = JSON.parse(stdout);
      this.#hint = code.hint;
      return code;
    }, (error) => {
      if (/no_code|other_code/.test(error.stderr)) return undefined;
      throw error;
    });
  }

  /** The passkeys in the vault. @returns {Promise<any[]>} */
  async list() {
    const opening = this.passphrase === undefined ? [] : ['--passphrase-file', this.passphrase];
    const { stdout } = await run(binary, ['list', '--vault', this.vault, '--json', ...opening], { env: this.#variables() });
    return JSON.parse(stdout);
  }
}
