import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContentInfo, SignedData } from '@peculiar/asn1-cms';
import { AsnConvert } from '@peculiar/asn1-schema';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadIssuers } from '../../../../../drivers/emrtd/passive-authentication/index.js';
import { decodeTlv, encodeTlv } from '../../../../../drivers/shared/tlv.js';
import type { KeyAlgorithm } from '../../../../../drivers/simulated/chip/signing-key.js';
import { issuerWith, rsaKey, securityObject, signerWith, verified } from './parties.js';

// OpenSSL as an independent peer: each side reads what the other has written.

const installed = spawnSync('openssl', ['version']).status === 0;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'forhal-openssl-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(({ skip }) => skip(!installed, 'no openssl'));

function path(name: string): string {
  return join(folder, name);
}

function openssl(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** The CMS message in EF.SOD. */
function messageIn(file: Uint8Array): Uint8Array {
  return decodeTlv(file)![0]!.value;
}

function contentIn(file: Uint8Array): Uint8Array {
  const { content } = AsnConvert.parse(messageIn(file), ContentInfo);
  return new Uint8Array(AsnConvert.parse(content, SignedData).encapContentInfo.eContent!.single!.buffer);
}

describe('a security object that OpenSSL signed is valid here', () => {
  const ec = (curve: string, encoding: string) => [
    ...['genpkey', '-algorithm', 'EC'],
    ...['-pkeyopt', `ec_paramgen_curve:${curve}`, '-pkeyopt', `ec_param_enc:${encoding}`],
  ];
  const rsa = ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
  const pss = ['-keyopt', 'rsa_padding_mode:pss'];

  it.each([
    ['with ECDSA over P-256', ec('P-256', 'named_curve'), ['-md', 'sha256']],
    ['with indefinite lengths', ec('P-256', 'named_curve'), ['-md', 'sha256', '-stream']],
    ['with the signer named by key identifier', ec('P-384', 'named_curve'), ['-md', 'sha384', '-keyid']],
    ['without signed attributes', ec('P-521', 'named_curve'), ['-md', 'sha512', '-noattr']],
    ['over brainpool parameters spelt out', ec('brainpoolP320r1', 'explicit'), ['-md', 'sha224']],
    ['with RSA PKCS #1 v1.5', rsa, ['-md', 'sha256']],
    ['with RSA-PSS and as much salt as fits', rsa, ['-md', 'sha384', ...pss]],
    [
      'with RSA-PSS and another hash for the mask',
      rsa,
      ['-md', 'sha256', ...pss, '-keyopt', 'rsa_mgf1_md:sha1', '-keyopt', 'rsa_pss_saltlen:20'],
    ],
  ])('%s', (_, makeKey, signing) => {
    const content = contentIn(securityObject(signerWith()));
    writeFileSync(path('content'), content);
    openssl(...makeKey, '-out', path('key.pem'));
    openssl(
      ...['req', '-x509', '-new', '-key', path('key.pem'), '-out', path('certificate.pem')],
      ...['-subj', '/C=UT/CN=Utopia', '-days', '30'],
    );
    openssl(
      ...['cms', '-sign', '-binary', '-nodetach', '-econtent_type', '2.23.136.1.1.1', '-in', path('content')],
      ...['-signer', path('certificate.pem'), '-inkey', path('key.pem'), ...signing],
      ...['-outform', 'DER', '-out', path('message')],
    );
    const file = encodeTlv(0x77, readFileSync(path('message')));
    expect(verified(file, loadIssuers([readFileSync(path('certificate.pem'))]))).toMatchObject({
      signature: { outcome: 'valid' },
      signer: { country: 'UT' },
      issuer: 'trusted',
    });
  });
});

describe('a security object that the simulated document signer signed is valid for OpenSSL', () => {
  const named: readonly KeyAlgorithm[] = [
    { kind: 'ecdsa', curve: 'P-224', hash: 'sha224' },
    { kind: 'ecdsa', curve: 'P-256', hash: 'sha256' },
    { kind: 'ecdsa', curve: 'P-521', hash: 'sha512' },
    { kind: 'ecdsa', curve: 'brainpoolP384r1', hash: 'sha384' },
  ];

  /** OpenSSL wants the content to be hashed as for the signature. */
  function write(algorithm: KeyAlgorithm): void {
    const issuer = issuerWith(algorithm);
    const file = securityObject(signerWith(algorithm, issuer), { contentDigest: algorithm.hash, size: 2600 });
    writeFileSync(path('message'), messageIn(file));
    writeFileSync(path('issuer.der'), issuer.der);
    openssl('x509', '-inform', 'DER', '-in', path('issuer.der'), '-out', path('issuer.pem'));
  }

  function verify(...options: readonly string[]): void {
    openssl(
      ...['cms', '-verify', '-inform', 'DER', '-in', path('message'), '-purpose', 'any'],
      ...['-CAfile', path('issuer.pem'), '-out', path('content'), ...options],
    );
  }

  it('with its chain, over named curves', () => {
    for (const algorithm of named) {
      write(algorithm);
      verify();
    }
  });

  it('with its chain, with RSA', () => {
    const privateKey = rsaKey(2048);
    for (const kind of ['rsa-pkcs1', 'rsa-pss'] as const) {
      write({ kind, hash: 'sha256', saltLength: 32, privateKey });
      verify();
    }
  });

  it('over a curve spelt out; the chain aside, in which OpenSSL allows none', () => {
    write({ kind: 'ecdsa', curve: 'brainpoolP256r1', hash: 'sha256', explicitParameters: true });
    verify('-noverify');
    const text = openssl('x509', '-in', path('issuer.pem'), '-noout', '-text');
    expect(text).toContain('Field Type: prime-field');
    expect(text).toContain('CA:TRUE, pathlen:0');
  });

  it('but not once a byte of it was changed', () => {
    write({ kind: 'ecdsa', curve: 'P-256', hash: 'sha256' });
    const message = readFileSync(path('message'));
    const content = message.indexOf(Buffer.from('0606678108010101', 'hex')) + 30;
    message[content]! ^= 1;
    writeFileSync(path('message'), message);
    expect(() => verify()).toThrow('Verification failure');
  });
});
