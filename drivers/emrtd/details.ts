import { decodeTlv } from '../shared/tlv.js';
import { parseMrz } from './mrz.js';
import type { DetailsFact, MrzKey } from './types.js';

function valueOf(bytes: Uint8Array | undefined, tag: number): Uint8Array | undefined {
  return bytes && decodeTlv(bytes)?.find((object) => object.tag === tag)?.value;
}

function withoutFiller(field: string): string {
  return field.replace(/<+$/, '');
}

/**
 * Reads the machine-readable zone in DG1 (Doc 9303 part 10 section 4.7.1) and compares it with the typed key fields,
 * filler at the end of the document number aside. Anything else gives `unreadable`.
 */
export function examineDetails(dg1: Uint8Array, key: MrzKey): DetailsFact {
  const zone = valueOf(valueOf(dg1, 0x61), 0x5f1f);
  const mrz = zone && parseMrz(zone);
  if (mrz === undefined) return { kind: 'unreadable' };
  const { format, documentCode, issuingState, checkDigitsRight } = mrz;
  return {
    kind: 'parsed',
    format,
    documentCode,
    issuingState,
    checkDigitsRight,
    matches: {
      documentNumber: withoutFiller(key.documentNumber) === mrz.documentNumber,
      birthDate: key.birthDate === mrz.birthDate,
      expiryDate: key.expiryDate === mrz.expiryDate,
    },
  };
}
