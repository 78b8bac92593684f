import { concat, equal } from '../../shared/bytes.js';
import { deriveKey, keyUse } from '../../shared/crypto/key-derivation.js';
import { retailMac, tripleDesCbc } from '../../shared/crypto/symmetric.js';
import type { RandomSource } from './random-source.js';
import type { Reply } from '../shared/reply.js';
import { SecureMessaging, type AccessReply } from './secure-messaging.js';
import { status } from '../shared/status-words.js';

const noInitialVector = new Uint8Array(8);

/** The chip's side of basic access control, Doc 9303 part 11 section 4.3.3. */
export class BasicAccess {
  readonly #encryptionKey: Uint8Array;
  readonly #macKey: Uint8Array;
  readonly #random: RandomSource;
  #challenge: Uint8Array | undefined;

  /** `password`: the hash of the key fields. */
  constructor(password: Uint8Array, random: RandomSource) {
    const seed = password.subarray(0, 16);
    this.#encryptionKey = deriveKey(seed, keyUse.encryption, '3des');
    this.#macKey = deriveKey(seed, keyUse.mac, '3des');
    this.#random = random;
  }

  reset(): void {
    this.#challenge = undefined;
  }

  /** GET CHALLENGE. */
  challenge(): Reply {
    this.#challenge = this.#random(8);
    return { status: status.success, data: this.#challenge };
  }

  /** EXTERNAL AUTHENTICATE, which here authenticates both sides. A challenge serves for one try. */
  authenticate(data: Uint8Array): AccessReply {
    const challenge = this.#challenge;
    this.#challenge = undefined;
    if (data.length !== 40) return { status: status.wrongLength };
    if (challenge === undefined) return { status: status.conditionsNotSatisfied };
    const cryptogram = data.subarray(0, 32);
    if (!equal(retailMac(this.#macKey, cryptogram), data.subarray(32))) {
      return { status: status.authenticationFailed };
    }
    const plain = tripleDesCbc('decrypt', this.#encryptionKey, noInitialVector, cryptogram);
    const terminalChallenge = plain.subarray(0, 8);
    const terminalKey = plain.subarray(16, 32);
    if (!equal(plain.subarray(8, 16), challenge)) return { status: status.authenticationFailed };

    const key = this.#random(16);
    const answer = tripleDesCbc(
      'encrypt',
      this.#encryptionKey,
      noInitialVector,
      concat(challenge, terminalChallenge, key),
    );
    const seed = key.map((byte, i) => byte ^ (terminalKey[i] ?? 0));
    return {
      status: status.success,
      data: concat(answer, retailMac(this.#macKey, answer)),
      session: new SecureMessaging({
        cipher: '3des',
        encryption: deriveKey(seed, keyUse.encryption, '3des'),
        mac: deriveKey(seed, keyUse.mac, '3des'),
        counter: concat(challenge.subarray(4), terminalChallenge.subarray(4)),
      }),
    };
  }
}
