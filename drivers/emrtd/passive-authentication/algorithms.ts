import * as ecc from '@peculiar/asn1-ecc';
import * as rsa from '@peculiar/asn1-rsa';
import { AsnConvert } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import type { HashName } from '../../shared/crypto/symmetric.js';

/** How a signature was made, as far as it does not follow from the key. */
export type SignatureAlgorithm =
  | { readonly kind: 'rsa-pkcs1'; readonly hash: HashName }
  | {
      readonly kind: 'rsa-pss';
      readonly hash: HashName;
      readonly maskHash: HashName;
      /** Bytes. */
      readonly saltLength: number;
    }
  | { readonly kind: 'ecdsa'; readonly hash: HashName };

const hashes: Readonly<Record<string, HashName>> = {
  [rsa.id_sha1]: 'sha1',
  [rsa.id_sha224]: 'sha224',
  [rsa.id_sha256]: 'sha256',
  [rsa.id_sha384]: 'sha384',
  [rsa.id_sha512]: 'sha512',
};

const rsaSignatures: Readonly<Record<string, HashName>> = {
  [rsa.id_sha1WithRSAEncryption]: 'sha1',
  [rsa.id_sha224WithRSAEncryption]: 'sha224',
  [rsa.id_sha256WithRSAEncryption]: 'sha256',
  [rsa.id_sha384WithRSAEncryption]: 'sha384',
  [rsa.id_sha512WithRSAEncryption]: 'sha512',
};

/** ANSI X9.62 (signature as ECDSA-Sig-Value) and BSI TR-03111 section 5.2.1.1 (ecdsa-plain: r‖s). */
const ecdsaSignatures: Readonly<Record<string, HashName>> = {
  [ecc.id_ecdsaWithSHA1]: 'sha1',
  [ecc.id_ecdsaWithSHA224]: 'sha224',
  [ecc.id_ecdsaWithSHA256]: 'sha256',
  [ecc.id_ecdsaWithSHA384]: 'sha384',
  [ecc.id_ecdsaWithSHA512]: 'sha512',
  '0.4.0.127.0.7.1.1.4.1.1': 'sha1',
  '0.4.0.127.0.7.1.1.4.1.2': 'sha224',
  '0.4.0.127.0.7.1.1.4.1.3': 'sha256',
  '0.4.0.127.0.7.1.1.4.1.4': 'sha384',
  '0.4.0.127.0.7.1.1.4.1.5': 'sha512',
};

/** Far above every hash; keeps a forged salt length from costing memory. */
const longestSalt = 512;

/** `undefined`: none of SHA-1 to SHA-512. */
export function hashOf(oid: string): HashName | undefined {
  return hashes[oid];
}

/** RSASSA-PSS-params, RFC 4055 section 3.1; what is left out is SHA-1 and 20 bytes of salt. */
function pssOf(parameters: ArrayBuffer | null | undefined): SignatureAlgorithm | undefined {
  const params =
    parameters instanceof ArrayBuffer
      ? AsnConvert.parse(parameters, rsa.RsaSaPssParams)
      : new rsa.RsaSaPssParams();
  const hash = hashOf(params.hashAlgorithm.algorithm);
  const { algorithm: mask, parameters: maskParameters } = params.maskGenAlgorithm;
  const maskHash =
    mask === rsa.id_mgf1 && maskParameters instanceof ArrayBuffer
      ? hashOf(AsnConvert.parse(maskParameters, AlgorithmIdentifier).algorithm)
      : undefined;
  const { saltLength } = params;
  if (hash === undefined || maskHash === undefined || !(saltLength >= 0 && saltLength <= longestSalt)) {
    return undefined;
  }
  return { kind: 'rsa-pss', hash, maskHash, saltLength };
}

/**
 * Reads the signature algorithm of a certificate or a SignerInfo; `undefined` when this program does not know it.
 * `digest` is the SignerInfo's digest algorithm: some issuers name only the kind of key where the algorithm belongs,
 * as RFC 3370 section 3.2 allows for RSA. Throws when the parameters are malformed.
 */
export function signatureAlgorithmOf(
  { algorithm, parameters }: AlgorithmIdentifier,
  digest?: HashName,
): SignatureAlgorithm | undefined {
  if (algorithm === rsa.id_RSASSA_PSS) return pssOf(parameters);
  const rsaHash = algorithm === rsa.id_rsaEncryption ? digest : rsaSignatures[algorithm];
  if (rsaHash !== undefined) return { kind: 'rsa-pkcs1', hash: rsaHash };
  const ecdsaHash = algorithm === ecc.id_ecPublicKey ? digest : ecdsaSignatures[algorithm];
  if (ecdsaHash !== undefined) return { kind: 'ecdsa', hash: ecdsaHash };
  return undefined;
}
