import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { issuerOf, loadIssuers } from '../../../../../drivers/emrtd/passive-authentication/issuers.js';
import { decodeTlv } from '../../../../../drivers/shared/tlv.js';
import { issuerWith, p256 } from './parties.js';

function pem(der: Uint8Array): string {
  const base64 = Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

describe('a list of issuers', () => {
  const first = issuerWith(p256, 'first').der;
  const second = issuerWith(p256, 'second').der;

  it('is read from DER, and from PEM with several certificates in a file', () => {
    const bundle = Buffer.from(`Subject: Utopia\n${pem(first)}${pem(second)}`);
    expect(loadIssuers([first])).toMatchObject({ certificates: { length: 1 }, unreadable: 0 });
    expect(loadIssuers([bundle, second])).toMatchObject({ certificates: { length: 3 }, unreadable: 0 });
  });

  it('counts what cannot be read and keeps the rest', () => {
    const files = [Buffer.from('not a certificate'), first.subarray(0, 100), new Uint8Array(), first];
    expect(loadIssuers(files)).toMatchObject({ certificates: { length: 1 }, unreadable: 3 });
  });
});

describe("Germany's public master list", () => {
  const folder = resolve(process.env['FORHAL_SAMPLES'] ?? '../shared/samples', 'master-list');

  function inside(bytes: Uint8Array, ...path: readonly number[]): Uint8Array {
    return path.reduce((value, index) => decodeTlv(value)?.[index]?.value ?? new Uint8Array(), bytes);
  }

  it('is understood in full: every key, every algorithm, every signature whose issuer is on it', ({
    skip,
  }) => {
    skip(!existsSync(folder), 'no samples');
    const name = readdirSync(folder).find((each) => each.endsWith('.ml'));
    const list = new Uint8Array(readFileSync(resolve(folder, name ?? '')));
    // ContentInfo, [0], SignedData, encapContentInfo, [0], OCTET STRING, CscaMasterList, certList.
    const certificates = decodeTlv(inside(list, 0, 1, 0, 2, 1, 0, 0, 1)) ?? [];
    const issuers = loadIssuers(certificates.map(({ bytes }) => bytes));
    expect(issuers).toMatchObject({ certificates: { length: 588 }, unreadable: 0 });
    expect(issuers.certificates.filter((each) => !each.publicKey || !each.signatureAlgorithm)).toEqual([]);
    // The other twelve are link certificates whose issuer has left the list.
    const verified = issuers.certificates.filter((each) => issuerOf(each, issuers) !== undefined);
    expect(verified).toHaveLength(576);
  });
});
