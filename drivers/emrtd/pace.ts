import { concat, equal, wipe } from '../shared/bytes.js';
import { deriveKey, keyUse, type CipherName } from '../shared/crypto/key-derivation.js';
import { aesCbc, aesMac, hash, retailMac, tripleDesCbc } from '../shared/crypto/symmetric.js';
import { err, ok, type Result } from '../shared/result.js';
import { decodeTlv, encodeTlv } from '../shared/tlv.js';
import type { PaceChoice } from './card-access.js';
import type { CommandChannel, CommandFault } from './command-channel.js';
import { decodePoint, makeKeyPair, mapGeneric, sharedSecret } from './ecdh.js';
import { keyInformation } from './mrz.js';
import type { RandomBytes } from './random.js';
import type { SessionKeys } from './secure-messaging.js';
import type { MrzKey } from './types.js';

/** What both sides know beforehand. */
export type PacePassword =
  | { readonly kind: 'mrz'; readonly key: MrzKey }
  /** Card access number, 6 digits. */
  | { readonly kind: 'can'; readonly can: string };

export type PaceFault =
  | CommandFault
  /** The chip refused the token: the password is not that of this document. */
  | { readonly kind: 'wrong-key' }
  /** The chip offered PACE and could not go through with it. Another way in may still work. */
  | { readonly kind: 'pace-failed'; readonly status: number | undefined };

const failed = (status?: number) => err({ kind: 'pace-failed', status } as const);

/** K_π, Doc 9303 part 11 section 9.7.3: from SHA-1 over MRZ_information, or from the digits of the CAN. */
export function derivePasswordKey(password: PacePassword, cipher: CipherName): Uint8Array {
  const text = password.kind === 'mrz' ? keyInformation(password.key) : password.can;
  const bytes = new TextEncoder().encode(text);
  const secret = password.kind === 'mrz' ? hash('sha1', bytes) : bytes;
  const key = deriveKey(secret, keyUse.password, cipher);
  wipe(bytes, secret);
  return key;
}

function decryptNonce(key: Uint8Array, cipher: CipherName, nonce: Uint8Array): Uint8Array {
  return cipher === '3des'
    ? tripleDesCbc('decrypt', key, new Uint8Array(8), nonce)
    : aesCbc('decrypt', key, new Uint8Array(16), nonce);
}

const blockLength = (cipher: CipherName): number => (cipher === '3des' ? 8 : 16);

/**
 * Authentication token: MAC over the other side's public key as a data object with the protocol's identifier.
 * Doc 9303 part 11 section 4.4.3.4.
 */
function token(
  cipher: CipherName,
  macKey: Uint8Array,
  protocol: Uint8Array,
  publicKey: Uint8Array,
): Uint8Array {
  const data = encodeTlv(0x7f49, encodeTlv(0x06, protocol), encodeTlv(0x86, publicKey));
  return cipher === '3des' ? retailMac(macKey, data) : aesMac(macKey, data);
}

/** Statuses to the last step that mean a wrong password. */
function refusesPassword(status: number): boolean {
  return (status & 0xff00) === 0x6300 || status === 0x6982 || status === 0x6988;
}

/** Sets the authentication template: protocol, password and, where the chip offers several, the parameters. Section 4.4.4.1. */
async function setAuthenticationTemplate(
  channel: CommandChannel,
  { info, curve, nameParameters }: PaceChoice,
  password: PacePassword,
): Promise<Result<undefined, PaceFault>> {
  const response = await channel.send({
    cla: 0,
    ins: 0x22,
    p1: 0xc1,
    p2: 0xa4,
    data: concat(
      encodeTlv(0x80, info.protocol),
      encodeTlv(0x83, Uint8Array.of(password.kind === 'mrz' ? 1 : 2)),
      nameParameters ? encodeTlv(0x84, Uint8Array.of(curve.id)) : new Uint8Array(),
    ),
  });
  if (!response.ok) return response;
  const { sw } = response.value;
  // 63CX only counts the tries that are left.
  return sw === 0x9000 || (sw & 0xfff0) === 0x63c0 ? ok(undefined) : failed(sw);
}

/** One GENERAL AUTHENTICATE, Doc 9303 part 11 section 4.4.4.2: gives the value of `answerTag` in the dynamic authentication data. */
async function generalAuthenticate(
  channel: CommandChannel,
  step: { readonly last: boolean; readonly request: Uint8Array; readonly answerTag: number },
): Promise<Result<Uint8Array, PaceFault>> {
  const response = await channel.send({
    cla: step.last ? 0x00 : 0x10,
    ins: 0x86,
    p1: 0,
    p2: 0,
    data: encodeTlv(0x7c, step.request),
    le: 256,
  });
  if (!response.ok) return response;
  const { sw, data } = response.value;
  if (sw !== 0x9000) return step.last && refusesPassword(sw) ? err({ kind: 'wrong-key' }) : failed(sw);
  const [template] = decodeTlv(data) ?? [];
  const objects = template?.tag === 0x7c ? decodeTlv(template.value) : undefined;
  const answer = objects?.find(({ tag }) => tag === step.answerTag);
  return answer === undefined ? failed() : ok(answer.value);
}

/**
 * PACE with ECDH and generic mapping, Doc 9303 part 11 section 4.4. Gives the session keys for secure messaging.
 * @param onProgress called with the part that is done, from 0 to 1: slow chips take more than 6 s in all
 */
export async function performPace(
  channel: CommandChannel,
  choice: PaceChoice,
  password: PacePassword,
  random: RandomBytes,
  onProgress: (fraction: number) => void,
): Promise<Result<SessionKeys, PaceFault>> {
  const { info, curve } = choice;
  const { cipher, protocol } = info;
  const secrets: Uint8Array[] = [];
  const session = await run();
  wipe(...secrets);
  return session;

  async function run(): Promise<Result<SessionKeys, PaceFault>> {
    const template = await setAuthenticationTemplate(channel, choice, password);
    if (!template.ok) return template;
    onProgress(0.2);

    const encrypted = await generalAuthenticate(channel, {
      last: false,
      request: new Uint8Array(),
      answerTag: 0x80,
    });
    if (!encrypted.ok) return encrypted;
    const { length } = encrypted.value;
    if (length === 0 || length % blockLength(cipher) !== 0) return failed();
    const passwordKey = derivePasswordKey(password, cipher);
    const nonce = decryptNonce(passwordKey, cipher, encrypted.value);
    secrets.push(passwordKey, nonce);
    onProgress(0.4);

    const standardGroup = { curve, generator: curve.Point.BASE };
    const mappingPair = makeKeyPair(standardGroup, random);
    const chipMapping = await generalAuthenticate(channel, {
      last: false,
      request: encodeTlv(0x81, mappingPair.publicKey),
      answerTag: 0x82,
    });
    if (!chipMapping.ok) return chipMapping;
    const chipMappingPoint = decodePoint(curve, chipMapping.value);
    if (chipMappingPoint === undefined) return failed();
    const group = mapGeneric(standardGroup, nonce, mappingPair, chipMappingPoint);
    if (group === undefined) return failed();
    onProgress(0.6);

    const pair = makeKeyPair(group, random);
    const chipKey = await generalAuthenticate(channel, {
      last: false,
      request: encodeTlv(0x83, pair.publicKey),
      answerTag: 0x84,
    });
    if (!chipKey.ok) return chipKey;
    const chipPoint = decodePoint(curve, chipKey.value);
    // Section 4.4.1 step 3d: the two public keys must differ, or the chip has only sent ours back.
    if (chipPoint === undefined || equal(chipKey.value, pair.publicKey)) return failed();
    const secret = sharedSecret(curve, pair.secret, chipPoint);
    secrets.push(secret);
    onProgress(0.8);

    const encryptionKey = deriveKey(secret, keyUse.encryption, cipher);
    const macKey = deriveKey(secret, keyUse.mac, cipher);
    const chipToken = await generalAuthenticate(channel, {
      last: true,
      request: encodeTlv(0x85, token(cipher, macKey, protocol, chipKey.value)),
      answerTag: 0x86,
    });
    const expected = token(cipher, macKey, protocol, pair.publicKey);
    if (!chipToken.ok || !equal(chipToken.value, expected)) {
      wipe(encryptionKey, macKey);
      return chipToken.ok ? failed() : chipToken;
    }
    onProgress(1);
    return ok({ cipher, encryptionKey, macKey, counter: new Uint8Array(blockLength(cipher)) });
  }
}
