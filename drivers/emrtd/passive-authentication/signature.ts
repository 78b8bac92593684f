import type { SignatureAlgorithm } from './algorithms.js';
import { verifyEcdsa } from './ecdsa.js';
import type { PublicKey } from './public-key.js';
import { verifyPkcs1, verifyPss } from './rsa.js';

/** Whether `signature` over `data` is the key's; `false` also when key and algorithm are not of one kind. */
export function verifySignature(
  key: PublicKey,
  algorithm: SignatureAlgorithm,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  switch (algorithm.kind) {
    case 'rsa-pkcs1':
      return key.kind === 'rsa' && verifyPkcs1(key, algorithm.hash, data, signature);
    case 'rsa-pss':
      return key.kind === 'rsa' && verifyPss(key, algorithm, data, signature);
    case 'ecdsa':
      return key.kind === 'ec' && verifyEcdsa(key, algorithm.hash, data, signature);
  }
}
