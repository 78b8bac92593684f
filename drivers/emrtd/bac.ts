import { concat, equal, wipe } from '../shared/bytes.js';
import { deriveKey, keyUse } from '../shared/crypto/key-derivation.js';
import { hash, retailMac, tripleDesCbc } from '../shared/crypto/symmetric.js';
import { err, ok, type Result } from '../shared/result.js';
import type { CommandChannel, CommandFault } from './command-channel.js';
import { keyInformation } from './mrz.js';
import type { RandomBytes } from './random.js';
import type { SessionKeys } from './secure-messaging.js';
import type { MrzKey } from './types.js';

export type BacFault =
  | CommandFault
  /**
   * The chip refused the cryptogram. Chips that do PACE only answer with statuses that others give for a wrong key;
   * `certain` tells whether the status leaves no doubt that it was the key.
   */
  | { readonly kind: 'key-refused'; readonly certain: boolean }
  /** The chip does not offer basic access control. */
  | { readonly kind: 'not-offered' };

const challengeLength = 8;
const keyLength = 16;
const blockOfZeros = new Uint8Array(8);

/** K_Enc and K_MAC of the document: from the first 16 bytes of SHA-1 over MRZ_information. Doc 9303 part 11 section 9.7.2. */
export function documentBasicAccessKeys(key: MrzKey): {
  encryptionKey: Uint8Array;
  macKey: Uint8Array;
} {
  const information = new TextEncoder().encode(keyInformation(key));
  const digest = hash('sha1', information);
  const seed = digest.subarray(0, keyLength);
  const keys = {
    encryptionKey: deriveKey(seed, keyUse.encryption, '3des'),
    macKey: deriveKey(seed, keyUse.mac, '3des'),
  };
  wipe(information, digest);
  return keys;
}

/**
 * What an error status to EXTERNAL AUTHENTICATE means. Doc 9303 part 11 section 4.3 names no status for a wrong
 * cryptogram: chips answer 6300, 6982, 6985, 6988, 6A80, 6F00 and others. After a good challenge nearly every refusal
 * is a wrong key; only a chip that knows no such instruction, or no key for it (PACE-only chips: 6A88), does without BAC.
 */
function refusal(status: number): BacFault {
  switch (status) {
    case 0x6a88:
    case 0x6d00:
    case 0x6e00:
      return { kind: 'not-offered' };
    default:
      return { kind: 'key-refused', certain: (status & 0xff00) === 0x6300 };
  }
}

/**
 * Basic access control, Doc 9303 part 11 section 4.3: GET CHALLENGE and EXTERNAL AUTHENTICATE. The travel document
 * application must be selected. Gives the session keys for secure messaging with 3DES.
 */
export async function performBac(
  channel: CommandChannel,
  key: MrzKey,
  random: RandomBytes,
): Promise<Result<SessionKeys, BacFault>> {
  const challenge = await channel.send({ cla: 0, ins: 0x84, p1: 0, p2: 0, le: challengeLength });
  if (!challenge.ok) return challenge;
  if (challenge.value.sw !== 0x9000) return err({ kind: 'not-offered' });
  const chipChallenge = challenge.value.data;
  if (chipChallenge.length !== challengeLength) return err({ kind: 'broken-response' });

  const { encryptionKey, macKey } = documentBasicAccessKeys(key);
  const ownChallenge = random(challengeLength);
  const ownKey = random(keyLength);
  const plain = concat(ownChallenge, chipChallenge, ownKey);
  const cryptogram = tripleDesCbc('encrypt', encryptionKey, blockOfZeros, plain);
  const secrets = [encryptionKey, macKey, ownKey, plain];

  const answer = await channel.send({
    cla: 0,
    ins: 0x82,
    p1: 0,
    p2: 0,
    data: concat(cryptogram, retailMac(macKey, cryptogram)),
    le: 40,
  });
  const session = answer.ok
    ? answer.value.sw === 0x9000
      ? sessionFrom(answer.value.data)
      : err(refusal(answer.value.sw))
    : answer;
  wipe(...secrets);
  return session;

  function sessionFrom(data: Uint8Array): Result<SessionKeys, BacFault> {
    const broken = err({ kind: 'broken-response' } as const);
    if (data.length !== 40) return broken;
    const chipCryptogram = data.subarray(0, 32);
    if (!equal(retailMac(macKey, chipCryptogram), data.subarray(32))) return broken;
    const chipPlain = tripleDesCbc('decrypt', encryptionKey, blockOfZeros, chipCryptogram);
    secrets.push(chipPlain);
    if (!equal(chipPlain.subarray(0, 16), concat(chipChallenge, ownChallenge))) return broken;
    const seed = ownKey.map((byte, i) => byte ^ (chipPlain[16 + i] ?? 0));
    secrets.push(seed);
    return ok({
      cipher: '3des',
      encryptionKey: deriveKey(seed, keyUse.encryption, '3des'),
      macKey: deriveKey(seed, keyUse.mac, '3des'),
      counter: concat(chipChallenge.subarray(4), ownChallenge.subarray(4)),
    });
  }
}
