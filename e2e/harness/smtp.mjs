/** A mail server on this machine that keeps what it is given. Without TLS: that is for this machine only, and `crates/testkit/tests/mail.rs` has it. */
import net from 'node:net';
import { once } from 'node:events';

export class Smtp {
  /** @type {{ to: string, data: string }[]} */
  mails = [];
  /** @type {(() => void)[]} */
  #waiting = [];
  #server = net.createServer((socket) => this.#talk(socket));
  port = 0;

  static async start() {
    const smtp = new Smtp();
    smtp.#server.listen(0, '127.0.0.1');
    await once(smtp.#server, 'listening');
    smtp.port = /** @type {net.AddressInfo} */ (smtp.#server.address()).port;
    return smtp;
  }

  /** What the program is told of it. @returns {Record<string, string>} */
  get settings() {
    return { KEYWARD_MAIL_SERVER: `127.0.0.1:${this.port}`, KEYWARD_MAIL_TLS: 'none', KEYWARD_MAIL_FROM: 'id@example.com' };
  }

  close() {
    this.#server.close();
  }

  /** Resolves with the first mail of that subject. @param {RegExp} subject */
  async mail(subject) {
    for (;;) {
      const found = this.mails.find((mail) => subject.test(mail.data.split('\r\n\r\n')[0] ?? ''));
      if (found) return found;
      await new Promise((resolve) => { this.#waiting.push(() => resolve(undefined)); });
    }
  }

  /** @param {net.Socket} socket */
  #talk(socket) {
    let [buffer, to, data] = ['', '', /** @type {string | undefined} */ (undefined)];
    const say = (/** @type {string} */ line) => socket.write(`${line}\r\n`);
    socket.setEncoding('utf8').on('error', () => {});
    say('220 sink');
    socket.on('data', (chunk) => {
      buffer += chunk;
      for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        if (data !== undefined) {
          if (line !== '.') { data += `${line.replace(/^\./, '')}\r\n`; continue; }
          this.mails.push({ to, data });
          this.#waiting.splice(0).forEach((wake) => wake());
          data = undefined;
          say('250 taken');
        } else if (/^DATA/i.test(line)) { data = ''; say('354 go on');
        } else if (/^QUIT/i.test(line)) { say('221 bye'); socket.end();
        } else {
          if (/^RCPT/i.test(line)) to = line.replace(/^.*<|>.*$/g, '');
          say('250 ok');
        }
      }
    });
  }
}
