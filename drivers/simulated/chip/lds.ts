import { concat } from '../../shared/bytes.js';
import { encodeTag, encodeTlv } from '../../shared/tlv.js';

// The logical data structure: elementary files of Doc 9303 part 10 section 4.

export interface FaceImage {
  /** The encoded image. */
  readonly bytes: Uint8Array;
  /** px */
  readonly width: number;
  /** px */
  readonly height: number;
  readonly format: 'jpeg' | 'jpeg2000';
}

function ascii(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** An unsigned number, the highest byte first. */
function number(value: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => Math.floor(value / 256 ** (length - 1 - at)) % 256);
}

/** Tag of each data group's file, Doc 9303 part 10 section 4.6.1; only those that a simulated chip may hold. */
const dataGroupTags: Readonly<Record<number, number>> = { 1: 0x61, 2: 0x75, 14: 0x6e, 15: 0x6f };

/** EF.COM, section 4.6.1: LDS 1.7, Unicode 4.0.0 and the data groups that are there. */
export function encodeCom(dataGroups: readonly number[]): Uint8Array {
  const tags = dataGroups.flatMap((group) => Array.from(encodeTag(dataGroupTags[group] ?? 0)));
  return encodeTlv(
    0x60,
    encodeTlv(0x5f01, ascii('0107')),
    encodeTlv(0x5f36, ascii('040000')),
    encodeTlv(0x5c, Uint8Array.from(tags)),
  );
}

/** DG1, section 4.7.1, from the lines of the machine-readable zone without breaks. */
export function encodeDg1(mrz: string): Uint8Array {
  return encodeTlv(0x61, encodeTlv(0x5f1f, ascii(mrz)));
}

/** A facial record with one full frontal image and no feature points, ISO/IEC 19794-5:2005 section 5. */
function facialRecord({ bytes, width, height, format }: FaceImage): Uint8Array {
  const header = 14;
  const informationBlocks = 20 + 12;
  const faceLength = informationBlocks + bytes.length;
  const facialInformation = concat(number(faceLength, 4), number(0, 16));
  const fullFrontal = 1;
  const imageInformation = concat(
    number(fullFrontal, 1),
    number(format === 'jpeg' ? 0 : 1, 1),
    number(width, 2),
    number(height, 2),
    // Colour space, source, device and quality are unspecified.
    number(0, 6),
  );
  return concat(
    ascii('FAC\0' + '010\0'),
    number(header + faceLength, 4),
    number(1, 2),
    facialInformation,
    imageInformation,
    bytes,
  );
}

/** Biometric header: facial features, format owner ISO/IEC JTC 1/SC 37, type ISO/IEC 19794-5 (section 4.7.2). */
const biometricHeader = concat(
  encodeTlv(0x80, number(0x0101, 2)),
  encodeTlv(0x81, number(0x02, 1)),
  encodeTlv(0x87, number(0x0101, 2)),
  encodeTlv(0x88, number(0x0008, 2)),
);

/** DG2, section 4.7.2, with one face. */
export function encodeDg2(image: FaceImage): Uint8Array {
  return encodeTlv(
    0x75,
    encodeTlv(
      0x7f61,
      encodeTlv(0x02, number(1, 1)),
      encodeTlv(0x7f60, encodeTlv(0xa1, biometricHeader), encodeTlv(0x5f2e, facialRecord(image))),
    ),
  );
}

/**
 * The same JPEG, longer by `count` bytes: fill bytes may stand before any marker (ITU-T T.81 section B.1.1.2). Throws
 * a RangeError when it would have to be shorter.
 */
export function lengthenJpeg(image: Uint8Array, count: number): Uint8Array {
  if (count < 0) throw new RangeError('the image is too long');
  const startOfImage = 2;
  return concat(
    image.subarray(0, startOfImage),
    new Uint8Array(count).fill(0xff),
    image.subarray(startOfImage),
  );
}
