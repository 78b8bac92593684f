import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import { concat, equal, fromHex } from '../../shared/bytes.js';
import { hash, type HashName } from '../../shared/crypto/symmetric.js';
import type { RsaPublicKey } from './public-key.js';

// RSA with public keys only, so nothing here is secret. It is done here and not by node:crypto because BoringSSL refuses
// exponents beyond 33 bits and keys marked RSASSA-PSS, and neither library takes a mask hash of its own for PSS.

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** RSAVP1, RFC 8017 section 5.2.2: the encoded message in `length` bytes; `undefined` when it does not fit there. */
function encodedMessage(
  { modulus, exponent, bits }: RsaPublicKey,
  signature: Uint8Array,
  length: number,
): Uint8Array | undefined {
  if (signature.length !== Math.ceil(bits / 8)) return undefined;
  const value = bytesToNumberBE(signature);
  if (value >= modulus) return undefined;
  const message = power(value, exponent, modulus);
  return message >> BigInt(8 * length) === 0n ? numberToBytesBE(message, length) : undefined;
}

/** DER of DigestInfo up to the digest, RFC 8017 section 9.2 note 1. */
const digestInfo: Readonly<Record<HashName, Uint8Array>> = {
  sha1: fromHex('3021300906052B0E03021A05000414'),
  sha224: fromHex('302D300D06096086480165030402040500041C'),
  sha256: fromHex('3031300D060960864801650304020105000420'),
  sha384: fromHex('3041300D060960864801650304020205000430'),
  sha512: fromHex('3051300D060960864801650304020305000440'),
};

/** The same without the NULL parameters, as the note allows verifiers to accept. */
function withoutParameters(info: Uint8Array): Uint8Array {
  const shorter = concat(info.subarray(0, -4), info.subarray(-2));
  return shorter.map((byte, at) => (at === 1 || at === 3 ? byte - 2 : byte));
}

/** RSASSA-PKCS1-v1_5, RFC 8017 section 8.2.2: compares with the one right encoding and so parses nothing. */
export function verifyPkcs1(
  key: RsaPublicKey,
  hashName: HashName,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  const length = Math.ceil(key.bits / 8);
  const message = encodedMessage(key, signature, length);
  if (message === undefined) return false;
  const digest = hash(hashName, data);
  return [digestInfo[hashName], withoutParameters(digestInfo[hashName])].some((info) => {
    const filler = length - info.length - digest.length - 3;
    if (filler < 8) return false;
    return equal(
      message,
      concat(Uint8Array.of(0, 1), new Uint8Array(filler).fill(0xff), Uint8Array.of(0), info, digest),
    );
  });
}

/** MGF1, RFC 8017 appendix B.2.1. */
function mask(hashName: HashName, seed: Uint8Array, length: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let made = 0; made < length;) {
    const block = hash(hashName, seed, numberToBytesBE(blocks.length, 4));
    blocks.push(block);
    made += block.length;
  }
  return concat(...blocks).subarray(0, length);
}

export interface PssParameters {
  readonly hash: HashName;
  readonly maskHash: HashName;
  /** Bytes. */
  readonly saltLength: number;
}

/** RSASSA-PSS, RFC 8017 sections 8.1.2 and 9.1.2. */
export function verifyPss(
  key: RsaPublicKey,
  { hash: hashName, maskHash, saltLength }: PssParameters,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  const bits = key.bits - 1;
  const length = Math.ceil(bits / 8);
  const message = encodedMessage(key, signature, length);
  if (message?.at(-1) !== 0xbc) return false;
  const digest = hash(hashName, data);
  const blockLength = length - digest.length - 1;
  if (blockLength < saltLength + 1) return false;
  const check = message.subarray(blockLength, -1);
  const masked = message.subarray(0, blockLength);
  const keepBits = 0xff >> (8 * length - bits);
  if (((masked[0] ?? 0) & ~keepBits) !== 0) return false;
  const pad = mask(maskHash, check, blockLength);
  const block = masked.map((byte, at) => (byte ^ (pad[at] ?? 0)) & (at === 0 ? keepBits : 0xff));
  const salt = block.subarray(blockLength - saltLength);
  const filler = block.subarray(0, blockLength - saltLength);
  if (filler.at(-1) !== 1 || filler.subarray(0, -1).some((byte) => byte !== 0)) return false;
  return equal(check, hash(hashName, new Uint8Array(8), digest, salt));
}
