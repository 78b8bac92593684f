import type { ChipContents } from '../../drivers/simulated/chip/contents.js';
import { makeDocument, type DocumentAccess } from '../../drivers/simulated/chip/documents.js';
import { makeDocumentSigner, makeIssuer } from '../../drivers/simulated/chip/pki.js';

const validity = {
  notBefore: new Date('2020-01-01T00:00:00Z'),
  notAfter: new Date('2040-01-01T00:00:00Z'),
  seed: 'bench',
};
const algorithm = { kind: 'ecdsa', curve: 'P-256', hash: 'sha256' } as const;
const issuer = makeIssuer({ country: 'UT', commonName: 'CSCA Bench', algorithm, ...validity });
const signer = makeDocumentSigner(issuer, { commonName: 'DS Bench', algorithm, ...validity });

export const issuerCertificate: Uint8Array = issuer.der;

/** The document that other readers are compared on: EF.SOD of 1,800 bytes, DG1 of 93, DG2 of 20,480. */
export function benchDocument(access: DocumentAccess): ChipContents {
  return makeDocument({
    key: { documentNumber: 'L898902C3', birthDate: '740812', expiryDate: '320415' },
    holder: { surname: 'Eriksson', givenNames: 'Anna Maria', sex: 'F' },
    format: 'TD3',
    documentCode: 'P',
    access,
    signer,
    dg2Size: 20_480,
    securityObjectSize: 1800,
  });
}
