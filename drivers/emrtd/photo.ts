import { equal, fromHex } from '../shared/bytes.js';
import { decodeTlv } from '../shared/tlv.js';
import { imageSize, looksLikeImage } from './image-size.js';
import type { PhotoFact } from './types.js';

const tags = {
  dataGroup2: 0x75,
  templateGroup: 0x7f61,
  template: 0x7f60,
  biometricData: 0x5f2e,
  /** The same where the block is itself made of data objects. */
  biometricDataConstructed: 0x7f2e,
} as const;

function valuesOf(bytes: Uint8Array, tag: number): readonly Uint8Array[] {
  return (decodeTlv(bytes) ?? []).filter((object) => object.tag === tag).map(({ value }) => value);
}

/** The biometric data blocks in DG2: ISO 7816-11 templates as Doc 9303 part 10 section 4.7.2 nests them. */
function dataBlocks(dg2: Uint8Array): readonly Uint8Array[] {
  return valuesOf(dg2, tags.dataGroup2)
    .flatMap((group) => valuesOf(group, tags.templateGroup))
    .flatMap((templates) => valuesOf(templates, tags.template))
    .flatMap((template) => [
      ...valuesOf(template, tags.biometricData),
      ...valuesOf(template, tags.biometricDataConstructed),
    ]);
}

interface FacialRecord {
  readonly container: 'ISO 19794-5' | 'ISO 39794-5';
  readonly faces: number;
  /** The first face, encoded. */
  readonly image: Uint8Array;
}

/** Format identifier `FAC` and version `010`, each with a final zero. */
const recordStart = fromHex('46414300 30313000');

/** Lengths in bytes of the parts of a facial record, ISO/IEC 19794-5:2005 sections 5.4 to 5.7. */
const partLength = { header: 14, facialInformation: 20, featurePoint: 8, imageInformation: 12 } as const;

/** ISO/IEC 19794-5:2005. */
function readFacialRecord(block: Uint8Array): FacialRecord | undefined {
  const { header, facialInformation, featurePoint, imageInformation } = partLength;
  if (!equal(block.subarray(0, recordStart.length), recordStart)) return undefined;
  if (block.length < header + facialInformation) return undefined;
  const data = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const faces = data.getUint16(12);
  const faceLength = data.getUint32(header);
  const featurePoints = data.getUint16(header + 4);
  const imageAt = header + facialInformation + featurePoints * featurePoint + imageInformation;
  // Where the record's own length is beyond the block, the image goes up to the block's end.
  const image = block.subarray(imageAt, header + faceLength);
  return { container: 'ISO 19794-5', faces, image };
}

/** Deep enough for the representation of ISO/IEC 39794-5 annex A, and a bound for what is no such thing. */
const deepest = 10;

const constructed = 0x20;

/** Images among the primitive objects inside `bytes`, in the order in which they come. */
function imagesWithin(bytes: Uint8Array, depth: number): readonly Uint8Array[] {
  if (depth > deepest) return [];
  return (decodeTlv(bytes) ?? []).flatMap(({ value, bytes: [firstByte = 0] }) => {
    if ((firstByte & constructed) !== 0) return imagesWithin(value, depth + 1);
    return looksLikeImage(value) ? [value] : [];
  });
}

/**
 * ISO/IEC 39794-5: tag-based ASN.1 in which each representation of the face holds one image. The image is known by
 * its own first bytes, so that no optional part before it matters.
 */
function readTaggedRecord(block: Uint8Array): FacialRecord | undefined {
  const images = imagesWithin(block, 0);
  const [image] = images;
  return image && { container: 'ISO 39794-5', faces: images.length, image };
}

/**
 * Finds the first face in DG2 and tells its format and its pixel size, which the image itself says: headers of
 * documents often leave it 0. Anything else gives `unreadable`.
 */
export function examinePhoto(dg2: Uint8Array): PhotoFact {
  const records = dataBlocks(dg2).flatMap(
    (block) => readFacialRecord(block) ?? readTaggedRecord(block) ?? [],
  );
  const [first] = records;
  const size = first && imageSize(first.image);
  const faces = records.reduce((sum, record) => sum + record.faces, 0);
  if (first === undefined || size === undefined || faces === 0) return { kind: 'unreadable' };
  return { kind: 'parsed', container: first.container, ...size, bytes: first.image.length, faces };
}
