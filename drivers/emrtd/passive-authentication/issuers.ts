import { decodeCertificate, isSignedBy, type Certificate } from './certificate.js';

/** The country signing certificates (CSCA) that are trusted. */
export interface Issuers {
  readonly certificates: readonly Certificate[];
  /** How many of the given certificates could not be read. */
  readonly unreadable: number;
}

const pemBlock = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g;

/** DER of every certificate in a file: PEM blocks where there are any, otherwise the file itself. */
function certificatesIn(file: Uint8Array): readonly Uint8Array[] {
  const text = Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString('latin1');
  const blocks = [...text.matchAll(pemBlock)].map(([, base64 = '']) => Buffer.from(base64, 'base64'));
  return blocks.length > 0 ? blocks : [file];
}

/** Takes CSCA certificates as DER or PEM (one or more in a file). What cannot be read is counted and left out. */
export function loadIssuers(files: readonly Uint8Array[]): Issuers {
  const certificates: Certificate[] = [];
  let unreadable = 0;
  for (const der of files.flatMap(certificatesIn)) {
    try {
      certificates.push(decodeCertificate(der));
    } catch {
      unreadable++;
    }
  }
  return { certificates, unreadable };
}

/** Key identifiers decide; names only where one of the two has none (Doc 9303 part 12 section 7.1.1). */
function mayHaveIssued(issuer: Certificate, { issuer: name, authorityKeyId }: Certificate): boolean {
  return authorityKeyId !== undefined && issuer.subjectKeyId !== undefined
    ? authorityKeyId === issuer.subjectKeyId
    : name === issuer.subject;
}

/** The trusted issuer whose key signed the certificate. */
export function issuerOf(certificate: Certificate, { certificates }: Issuers): Certificate | undefined {
  return certificates.find(
    (candidate) => mayHaveIssued(candidate, certificate) && isSignedBy(certificate, candidate),
  );
}
