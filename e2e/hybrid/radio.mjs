/** The radio between this computer and the phone: a private system bus with a stand-in for BlueZ (crates/testkit/examples/bluez.rs). */
import { Program, example } from './program.mjs';

/** What may be said to it. @typedef {'on' | 'off' | 'clear' | 'damaged' | 'longer' | 'silent'} Word */

export class Radio {
  /** @type {number[][]} what was advertised, as its programs gave it */
  advertised = [];
  /** @type {Map<string, () => void>} */
  #waiting = new Map();
  /** @type {(() => void) | undefined} */
  #shown;
  /** @type {(() => void) | undefined} */
  #put;

  /** @param {Program} program @param {string} address what stands in `DBUS_SYSTEM_BUS_ADDRESS` */
  constructor(program, address) {
    this.program = program;
    this.address = address;
    program.onLine((line) => {
      const said = JSON.parse(line);
      if (said.advertised) {
        this.advertised.push(said.advertised);
        this.#put?.();
      }
      if (said.shown) this.#shown?.();
      if (said.done) this.#waiting.get(said.done)?.();
    });
  }

  static async start() {
    const program = Program.spawn(example('bluez'), []);
    const { address } = JSON.parse(await program.firstLine());
    return new Radio(program, address);
  }

  /** Changes the air or the adapter, and returns when that is done. @param {Word} word */
  async set(word) {
    const done = new Promise((resolve) => { this.#waiting.set(word, () => resolve(undefined)); });
    this.program.say(`${word}\n`);
    await done;
  }

  /** Returns when everyone who scans was told so often of what is on the air. @param {number} times */
  async heard(times) {
    for (let left = times; left > 0; left -= 1) await new Promise((resolve) => { this.#shown = () => resolve(undefined); });
  }

  /** What is advertised after so many; waits for it. @param {number} count @returns {Promise<number[]>} */
  async next(count) {
    for (;;) {
      const found = this.advertised[count];
      if (found) return found;
      await new Promise((resolve) => { this.#put = () => resolve(undefined); });
    }
  }
}
