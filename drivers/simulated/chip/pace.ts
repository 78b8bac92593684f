import { equal } from '../../shared/bytes.js';
import { curveById, type Curve, type Point } from '../../shared/crypto/curves.js';
import { deriveKey, keyUse, type CipherName } from '../../shared/crypto/key-derivation.js';
import { aesCbc, aesMac, retailMac, tripleDesCbc } from '../../shared/crypto/symmetric.js';
import { decodeTlv, encodeTlv } from '../../shared/tlv.js';
import { paceProtocol } from './card-access.js';
import type { PaceOffer } from './contents.js';
import type { Passwords } from './passwords.js';
import type { RandomSource } from './random-source.js';
import type { Reply } from '../shared/reply.js';
import { SecureMessaging, type AccessReply } from './secure-messaging.js';
import { status } from '../shared/status-words.js';

/** What MSE:Set AT settled. */
interface Choice {
  readonly cipher: CipherName;
  readonly curve: Curve;
  readonly password: Uint8Array;
}

interface Agreement {
  readonly encryption: Uint8Array;
  readonly mac: Uint8Array;
  readonly own: Point;
  readonly theirs: Point;
}

type State =
  | { readonly step: 'idle' }
  | { readonly step: 'nonce'; readonly choice: Choice }
  | { readonly step: 'map'; readonly choice: Choice; readonly nonce: Uint8Array }
  | { readonly step: 'agree'; readonly choice: Choice; readonly generator: Point }
  | { readonly step: 'token'; readonly choice: Choice; readonly agreement: Agreement };

const idle: State = { step: 'idle' };

function integer(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
}

/** Uncompressed point, BSI TR-03111 section 3.2.1; `undefined` when it is none of this curve. */
function decodePoint(curve: Curve, bytes: Uint8Array): Point | undefined {
  if (bytes.length !== 1 + 2 * curve.fieldBytes || bytes[0] !== 0x04) return undefined;
  try {
    const point = curve.Point.fromBytes(bytes);
    point.assertValidity();
    return point;
  } catch {
    return undefined;
  }
}

/** Which single data object lies in the dynamic authentication data 7C, and what it holds. */
function authenticationData(data: Uint8Array): { tag: number | undefined; value: Uint8Array } | undefined {
  const [template, ...others] = decodeTlv(data) ?? [];
  if (template?.tag !== 0x7c || others.length > 0) return undefined;
  const objects = decodeTlv(template.value);
  if (objects === undefined || objects.length > 1) return undefined;
  const [object] = objects;
  return { tag: object?.tag, value: object?.value ?? new Uint8Array() };
}

function answer(tag: number, value: Uint8Array): Reply {
  return { status: status.success, data: encodeTlv(0x7c, encodeTlv(tag, value)) };
}

/** The chip's side of PACE with ECDH and generic mapping, Doc 9303 part 11 section 4.4. */
export class Pace {
  readonly #offers: readonly PaceOffer[];
  readonly #passwords: Passwords;
  readonly #random: RandomSource;
  #state: State = idle;

  constructor(offers: readonly PaceOffer[], passwords: Passwords, random: RandomSource) {
    this.#offers = offers;
    this.#passwords = passwords;
    this.#random = random;
  }

  abandon(): void {
    this.#state = idle;
  }

  /** MSE:Set AT, Doc 9303 part 11 section 4.4.4.1. */
  choose(data: Uint8Array): Reply {
    this.#state = idle;
    const objects = decodeTlv(data);
    const find = (tag: number): Uint8Array | undefined =>
      objects?.find((object) => object.tag === tag)?.value;
    const protocol = find(0x80);
    const reference = find(0x83);
    const parameters = find(0x84);
    if (protocol === undefined || reference?.length !== 1) return { status: status.wrongData };
    const sameProtocol = this.#offers.filter(({ cipher }) => equal(paceProtocol(cipher), protocol));
    if (sameProtocol.length === 0) return { status: status.wrongData };
    const fitting = sameProtocol.filter(
      ({ parameterId }) => parameters === undefined || equal(parameters, Uint8Array.of(parameterId)),
    );
    const [offer, ambiguous] = fitting;
    if (offer === undefined) return { status: status.referencedDataNotFound };
    if (ambiguous !== undefined) return { status: status.wrongData };
    const password = this.#password(reference[0]);
    const curve = curveById(offer.parameterId);
    if (password === undefined || curve === undefined) return { status: status.referencedDataNotFound };
    this.#state = { step: 'nonce', choice: { cipher: offer.cipher, curve, password } };
    return { status: status.success };
  }

  /** One GENERAL AUTHENTICATE, Doc 9303 part 11 section 4.4.4.2. `last`: it ends the chain of commands. */
  authenticate(data: Uint8Array, last: boolean): AccessReply {
    const state = this.#state;
    this.#state = idle;
    const input = authenticationData(data);
    if (input === undefined) return { status: status.wrongData };
    switch (state.step) {
      case 'idle':
        return { status: status.conditionsNotSatisfied };
      case 'nonce':
        if (last) return { status: status.conditionsNotSatisfied };
        return input.tag === undefined ? this.#sendNonce(state.choice) : { status: status.wrongData };
      case 'map':
        if (last) return { status: status.conditionsNotSatisfied };
        return input.tag === 0x81
          ? this.#map(state.choice, state.nonce, input.value)
          : { status: status.wrongData };
      case 'agree':
        if (last) return { status: status.conditionsNotSatisfied };
        return input.tag === 0x83
          ? this.#agree(state.choice, state.generator, input.value)
          : { status: status.wrongData };
      case 'token':
        if (!last) return { status: status.conditionsNotSatisfied };
        return input.tag === 0x85
          ? this.#exchangeTokens(state.choice, state.agreement, input.value)
          : { status: status.wrongData };
    }
  }

  /** Password references of Doc 9303 part 11 section 4.4.4.1: 1 is the machine-readable zone, 2 the card access number. */
  #password(reference: number | undefined): Uint8Array | undefined {
    if (reference === 1) return this.#passwords.mrz;
    return reference === 2 ? this.#passwords.can : undefined;
  }

  #sendNonce(choice: Choice): Reply {
    const { cipher, password } = choice;
    // Any multiple of the block length may be a nonce's; chips take one that is no shorter than the key.
    const nonce = this.#random(cipher === 'aes-192' || cipher === 'aes-256' ? 32 : 16);
    const key = deriveKey(password, keyUse.password, cipher);
    const encrypted =
      cipher === '3des'
        ? tripleDesCbc('encrypt', key, new Uint8Array(8), nonce)
        : aesCbc('encrypt', key, new Uint8Array(16), nonce);
    this.#state = { step: 'map', choice, nonce };
    return answer(0x80, encrypted);
  }

  #map(choice: Choice, nonce: Uint8Array, bytes: Uint8Array): Reply {
    const { curve } = choice;
    const theirs = decodePoint(curve, bytes);
    if (theirs === undefined) return { status: status.wrongData };
    const secret = this.#privateKey(curve);
    const scalar = integer(nonce) % curve.parameters.n;
    const nonceTimesGenerator = scalar === 0n ? curve.Point.ZERO : curve.Point.BASE.multiply(scalar);
    const generator = nonceTimesGenerator.add(theirs.multiply(secret));
    if (generator.is0()) return { status: status.wrongData };
    this.#state = { step: 'agree', choice, generator };
    return answer(0x82, curve.Point.BASE.multiply(secret).toBytes(false));
  }

  #agree(choice: Choice, generator: Point, bytes: Uint8Array): Reply {
    const { curve, cipher } = choice;
    const theirs = decodePoint(curve, bytes);
    if (theirs === undefined) return { status: status.wrongData };
    const secret = this.#privateKey(curve);
    const own = generator.multiply(secret);
    if (own.equals(theirs)) return { status: status.wrongData };
    // The shared secret is the x coordinate at its full length: leading zeros belong to it.
    const shared = theirs.multiply(secret).toBytes(true).subarray(1);
    const agreement: Agreement = {
      encryption: deriveKey(shared, keyUse.encryption, cipher),
      mac: deriveKey(shared, keyUse.mac, cipher),
      own,
      theirs,
    };
    this.#state = { step: 'token', choice, agreement };
    return answer(0x84, own.toBytes(false));
  }

  #exchangeTokens(
    { cipher }: Choice,
    { encryption, mac, own, theirs }: Agreement,
    token: Uint8Array,
  ): AccessReply {
    if (!equal(this.#token(cipher, mac, own), token)) return { status: status.authenticationFailed };
    return {
      ...answer(0x86, this.#token(cipher, mac, theirs)),
      session: new SecureMessaging({
        cipher,
        encryption,
        mac,
        counter: new Uint8Array(cipher === '3des' ? 8 : 16),
      }),
    };
  }

  /** MAC over the other side's public key, Doc 9303 part 11 section 4.4.3.4. */
  #token(cipher: CipherName, key: Uint8Array, publicKey: Point): Uint8Array {
    const input = encodeTlv(
      0x7f49,
      encodeTlv(0x06, paceProtocol(cipher)),
      encodeTlv(0x86, publicKey.toBytes(false)),
    );
    return cipher === '3des' ? retailMac(key, input) : aesMac(key, input);
  }

  /** The remainder favours some keys slightly, which does no harm to a simulation. */
  #privateKey(curve: Curve): bigint {
    return integer(this.#random(curve.fieldBytes)) % curve.parameters.n || 1n;
  }
}
