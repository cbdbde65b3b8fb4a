/**
 * A browser's half of the hybrid transport, from the specification and with Node's own cryptography: nothing of the
 * crate `hybrid` is in it. It shows a code, is handed the advertisement, and talks through a real tunnel.
 */
import { Buffer } from 'node:buffer';
import { createCipheriv, createDecipheriv, createECDH, createHash, createHmac, ECDH, hkdfSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import tls from 'node:tls';

/** What CBOR holds here. @typedef {number | boolean | string | Buffer | any[] | Map<any, any>} Item */

/** @param {number} kind @param {number} value */
function head(kind, value) {
  if (value < 24) return Buffer.from([(kind << 5) | value]);
  if (value < 0x100) return Buffer.from([(kind << 5) | 24, value]);
  const out = Buffer.alloc(5, (kind << 5) | 26);
  if (value < 0x1_0000) {
    out[0] = (kind << 5) | 25;
    out.writeUInt16BE(value, 1);
    return out.subarray(0, 3);
  }
  out.writeUInt32BE(value, 1);
  return out;
}

/** Maps are to be given in canonical order. @param {Item} item @returns {Buffer} */
export function encode(item) {
  if (typeof item === 'number') return item < 0 ? head(1, -1 - item) : head(0, item);
  if (typeof item === 'boolean') return Buffer.from([item ? 0xf5 : 0xf4]);
  if (typeof item === 'string') return Buffer.concat([head(3, Buffer.byteLength(item)), Buffer.from(item)]);
  if (Buffer.isBuffer(item)) return Buffer.concat([head(2, item.length), item]);
  if (Array.isArray(item)) return Buffer.concat([head(4, item.length), ...item.map(encode)]);
  return Buffer.concat([head(5, item.size), ...[...item].flatMap(([key, value]) => [encode(key), encode(value)])]);
}

/** The item at the beginning, and what follows it. @param {Buffer} bytes @returns {[Item, Buffer]} */
function item(bytes) {
  const first = bytes.readUInt8(0);
  const [kind, short] = [first >> 5, first & 31];
  if (kind === 7) return [short === 21, bytes.subarray(1)];
  const size = short < 24 ? 0 : 1 << (short - 24);
  const value = size === 0 ? short : bytes.readUIntBE(1, size);
  let rest = bytes.subarray(1 + size);
  if (kind === 0) return [value, rest];
  if (kind === 1) return [-1 - value, rest];
  if (kind < 4) return [kind === 2 ? rest.subarray(0, value) : rest.toString('utf8', 0, value), rest.subarray(value)];
  /** @type {Item[]} */
  const items = [];
  for (let left = kind === 4 ? value : 2 * value; left > 0; left -= 1) {
    const [next, after] = item(rest);
    items.push(next);
    rest = after;
  }
  if (kind === 4) return [items, rest];
  return [new Map(Array.from({ length: value }, (_, at) => [items[2 * at], items[2 * at + 1]])), rest];
}

/** @param {Buffer} bytes @returns {any} */
export function decode(bytes) {
  const [value, rest] = item(bytes);
  if (rest.length !== 0) throw new Error('something follows the CBOR');
  return value;
}

/** Seven bytes, as a little-endian number, in seventeen digits. @param {Buffer} bytes */
export function digits(bytes) {
  let out = '';
  for (let at = 0; at < bytes.length; at += 7) {
    const chunk = bytes.subarray(at, at + 7);
    const value = BigInt(`0x${Buffer.from(chunk).reverse().toString('hex')}`);
    out += value.toString().padStart([0, 3, 5, 8, 10, 13, 15, 17][chunk.length] ?? 0, '0');
  }
  return out;
}

/** The name of a tunnel domain's number. @param {number} id */
export function domainName(id) {
  if (id < 256) {
    const name = ['cable.ua5v.com', 'cable.auth.com'][id];
    if (name === undefined) throw new Error(`nobody was given the tunnel domain ${id}`);
    return name;
  }
  const text = Buffer.concat([Buffer.from('caBLEv2 tunnel server domain'), Buffer.from([id & 255, id >> 8, 0])]);
  let value = createHash('sha256').update(text).digest().readBigUInt64LE(0);
  const ending = ['com', 'org', 'net', 'info'][Number(value & 3n)];
  let label = '';
  for (value >>= 2n; value !== 0n; value >>= 5n) label += 'abcdefghijklmnopqrstuvwxyz234567'.charAt(Number(value & 31n));
  return `cable.${label}.${ending}`;
}

/** @param {Buffer} secret @param {Buffer} salt @param {number} purpose @param {number} length */
export function derive(secret, salt, purpose, length) {
  return Buffer.from(hkdfSync('sha256', secret, salt, Buffer.from([purpose, 0, 0, 0]), length));
}

const NOTHING = Buffer.alloc(0);
const PROTOCOL = 'Noise_KNpsk0_P256_AESGCM_SHA256';

/** @param {Buffer} key @param {Buffer} nonce @param {Buffer} text @param {Buffer} more */
function seal(key, nonce, text, more) {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(more);
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

/** @param {Buffer} key @param {Buffer} nonce @param {Buffer} sealed @param {Buffer} more */
function open(key, nonce, sealed, more) {
  const cipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(more).setAuthTag(sealed.subarray(-16));
  return Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
}

/** @param {number} count */
function nonce(count) {
  const out = Buffer.alloc(12);
  out.writeUInt32BE(count, 8);
  return out;
}

/** The initiator's Noise, for a code. */
export class Handshake {
  /** @type {Buffer} */
  #hash = Buffer.concat([Buffer.from(PROTOCOL), Buffer.from([0])]);
  /** @type {Buffer} */
  #chain = this.#hash;
  /** @type {Buffer} */
  #key = NOTHING;
  #sealed = 0;

  /** @param {Buffer} psk @param {import('node:crypto').ECDH} still the code's key @param {import('node:crypto').ECDH} [fresh] */
  constructor(psk, still, fresh = createECDH('prime256v1')) {
    this.still = still;
    this.fresh = fresh;
    if (arguments.length < 3) fresh.generateKeys();
    this.#mixHash(Buffer.from([1]));
    this.#mixHash(still.getPublicKey());
    const [chain, hashed, key] = this.#expand(psk, 3);
    this.#chain = chain;
    this.#mixHash(hashed);
    this.#set(key);
  }

  /** @param {Buffer} data */
  #mixHash(data) {
    this.#hash = createHash('sha256').update(this.#hash).update(data).digest();
  }

  /** @param {Buffer} material @param {number} count @returns {[Buffer, Buffer, Buffer]} */
  #expand(material, count) {
    const secret = createHmac('sha256', this.#chain).update(material).digest();
    /** @type {Buffer[]} */
    const out = [];
    for (let at = 1; at <= count; at += 1) {
      out.push(createHmac('sha256', secret).update(out.at(-1) ?? NOTHING).update(Buffer.from([at])).digest());
    }
    return [out[0] ?? NOTHING, out[1] ?? NOTHING, out[2] ?? NOTHING];
  }

  /** @param {Buffer} key */
  #set(key) {
    this.#key = key;
    this.#sealed = 0;
  }

  /** @param {Buffer} material */
  #mixKey(material) {
    const [chain, key] = this.#expand(material, 2);
    this.#chain = chain;
    this.#set(key);
  }

  /** With a psk each ephemeral key is mixed into the key, too. @param {Buffer} point */
  #ephemeral(point) {
    this.#mixHash(point);
    this.#mixKey(point);
  }

  first() {
    const point = this.fresh.getPublicKey();
    this.#ephemeral(point);
    const tag = seal(this.#key, nonce(this.#sealed), NOTHING, this.#hash);
    this.#mixHash(tag);
    return Buffer.concat([point, tag]);
  }

  /** The keys to send and to receive with, and the digest of all that was said. @param {Buffer} second */
  finish(second) {
    if (second.length !== 81) throw new Error(`the phone's message has ${second.length} bytes`);
    const [point, tag] = [second.subarray(0, 65), second.subarray(65)];
    this.#ephemeral(point);
    this.#mixKey(this.fresh.computeSecret(point));
    this.#mixKey(this.still.computeSecret(point));
    open(this.#key, nonce(0), tag, this.#hash);
    this.#mixHash(tag);
    const [sending, receiving] = this.#expand(NOTHING, 2);
    return { sending, receiving, hash: this.#hash };
  }
}

/** A WebSocket over TLS, as far as tunnels need one. */
export class Tunnel {
  #read = NOTHING;
  #ended = false;
  /** @type {() => void} */
  #more = () => {};

  /** @param {tls.TLSSocket} socket */
  constructor(socket) {
    this.socket = socket;
    socket.on('data', (chunk) => { this.#read = Buffer.concat([this.#read, chunk]); this.#more(); });
    socket.on('close', () => { this.#ended = true; this.#more(); });
    socket.on('error', () => {});
  }

  /** @param {string} address host and port to connect to @param {string} name @param {string} path @param {string} ca */
  static async open(address, name, path, ca) {
    const [host, port] = address.split(':');
    const socket = tls.connect({ host, port: Number(port), servername: name, ca });
    await once(socket, 'secureConnect');
    const tunnel = new Tunnel(socket);
    const key = randomBytes(16).toString('base64');
    socket.write([`GET ${path} HTTP/1.1`, `Host: ${name}`, 'Upgrade: websocket', 'Connection: Upgrade', `Origin: wss://${name}`,
      'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Protocol: fido.cable', '', ''].join('\r\n'));
    while (!tunnel.#read.includes('\r\n\r\n')) await tunnel.#wait();
    const end = tunnel.#read.indexOf('\r\n\r\n') + 4;
    const said = tunnel.#read.toString('latin1', 0, end).toLowerCase();
    tunnel.#read = tunnel.#read.subarray(end);
    if (!said.startsWith('http/1.1 101 ')) throw new Error(`the relay answered ${said.slice(9, 12)}`);
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64').toLowerCase();
    if (!said.includes(`sec-websocket-accept: ${accept}`)) throw new Error('the relay did not read the key');
    if (!said.includes('sec-websocket-protocol: fido.cable')) throw new Error('the relay did not choose the subprotocol');
    return tunnel;
  }

  async #wait() {
    if (this.#ended) throw new Error('the tunnel ended');
    await new Promise((resolve) => { this.#more = () => resolve(undefined); });
  }

  /** @param {number} kind @param {Buffer} body */
  #frame(kind, body) {
    const length = body.length < 126 ? Buffer.from([0x80 | body.length]) : Buffer.from([0xfe, body.length >> 8, body.length & 255]);
    const mask = randomBytes(4);
    const masked = body.map((byte, at) => byte ^ (mask[at % 4] ?? 0));
    this.socket.write(Buffer.concat([Buffer.from([0x80 | kind]), length, mask, masked]));
  }

  /** @param {Buffer} message */
  send(message) { this.#frame(2, message); }

  /** The next message, or nothing once the other side has gone. @returns {Promise<Buffer | undefined>} */
  async receive() {
    for (;;) {
      const [first, second] = this.#read;
      if (first === undefined || second === undefined) {
        if (this.#ended) return undefined;
        await this.#wait();
        continue;
      }
      const wide = second === 126 ? 2 : 0;
      const length = this.#read.length < 2 + wide ? Infinity : wide ? this.#read.readUInt16BE(2) : second;
      if (this.#read.length < 2 + wide + length) {
        if (this.#ended) return undefined;
        await this.#wait();
        continue;
      }
      const body = this.#read.subarray(2 + wide, 2 + wide + length);
      this.#read = this.#read.subarray(2 + wide + length);
      if (first === 0x82) return body;
      if (first === 0x89) this.#frame(10, body);
      else if (first === 0x88) return undefined;
      else throw new Error(`the relay sent a frame of kind ${first}`);
    }
  }

  close() {
    this.#frame(8, Buffer.from([0x03, 0xe8]));
    this.socket.end();
  }
}

/** One code, and who comes of it. */
export class Client {
  /** @type {Tunnel | undefined} */
  tunnel;
  /** @type {any} what the phone can do */
  greeting;
  #counts = { sent: 0, received: 0 };
  /** @type {{ sending: Buffer, receiving: Buffer, hash: Buffer }} */
  #keys = { sending: NOTHING, receiving: NOTHING, hash: NOTHING };

  /** @param {'mc' | 'ga'} hint @param {Buffer} [secret] @param {import('node:crypto').ECDH} [key] @param {number} [time] */
  constructor(hint, secret = randomBytes(16), key = createECDH('prime256v1'), time = Math.floor(Date.now() / 1000)) {
    if (arguments.length < 3) key.generateKeys();
    this.secret = secret;
    this.key = key;
    const compressed = Buffer.from(/** @type {Buffer} */ (/** @type {unknown} */ (ECDH.convertKey(key.getPublicKey(), 'prime256v1', undefined, undefined, 'compressed'))));
    this.cbor = encode(new Map(/** @type {[number, Item][]} */ ([[0, compressed], [1, secret], [2, 2], [3, time], [4, false], [5, hint]])));
    this.code = `FIDO:/${digits(this.cbor)}`;
  }

  /** What an advertisement says, if it is for this code. @param {Buffer} data */
  hear(data) {
    const keys = derive(this.secret, NOTHING, 1, 64);
    const tag = createHmac('sha256', keys.subarray(32)).update(data.subarray(0, 16)).digest().subarray(0, 4);
    if (data.length !== 20 || !tag.equals(data.subarray(16))) return undefined;
    const cipher = createDecipheriv('aes-256-ecb', keys.subarray(0, 32), null).setAutoPadding(false);
    const plain = cipher.update(data.subarray(0, 16));
    if (plain[0] !== 0) return undefined;
    return { plain, routing: plain.subarray(11, 14), domain: domainName(plain.readUInt16LE(14)) };
  }

  /** The tunnel's path. @param {Buffer} routing */
  path(routing) {
    return `/cable/connect/${routing.toString('hex').toUpperCase()}/${derive(this.secret, NOTHING, 2, 16).toString('hex').toUpperCase()}`;
  }

  /**
   * Comes to where the advertisement says and shakes hands.
   * @param {{ plain: Buffer, routing: Buffer, domain: string }} heard @param {string} address @param {string} ca
   */
  async meet(heard, address, ca) {
    this.tunnel = await Tunnel.open(address, heard.domain, this.path(heard.routing), ca);
    const handshake = new Handshake(derive(this.secret, heard.plain, 3, 32), this.key);
    this.tunnel.send(handshake.first());
    const second = await this.tunnel.receive();
    if (second === undefined) throw new Error('the phone does not shake hands');
    this.#keys = handshake.finish(second);
    this.greeting = decode(await this.#next());
  }

  /** A message as it goes through the tunnel. @param {number} kind @param {Buffer} body */
  sealed(kind, body) {
    const text = Buffer.concat([Buffer.from([kind]), body]);
    const zeros = (32 - ((text.length + 1) % 32)) % 32;
    const padded = Buffer.concat([text, Buffer.alloc(zeros), Buffer.from([zeros])]);
    const message = seal(this.#keys.sending, nonce(this.#counts.sent), padded, NOTHING);
    this.#counts.sent += 1;
    return message;
  }

  async #next() {
    const message = await this.tunnel?.receive();
    if (message === undefined) throw new Error('the phone went');
    const padded = open(this.#keys.receiving, nonce(this.#counts.received), message, NOTHING);
    this.#counts.received += 1;
    if (padded.length % 32 !== 0) throw new Error('the length says something');
    return padded.subarray(0, padded.length - 1 - padded.readUInt8(padded.length - 1));
  }

  /** Asks, and returns status and answer. @param {number} command @param {Map<number, Item>} parameters */
  async ask(command, parameters) {
    this.tunnel?.send(this.sealed(1, Buffer.concat([Buffer.from([command]), encode(parameters)])));
    const reply = await this.#next();
    if (reply[0] !== 1) throw new Error(`a message of kind ${reply[0]}`);
    return { status: reply[1], answer: reply.length > 2 ? decode(reply.subarray(2)) : undefined };
  }

  done() {
    this.tunnel?.send(this.sealed(0, NOTHING));
    this.tunnel?.close();
  }
}
