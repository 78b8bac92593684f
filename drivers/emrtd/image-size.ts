import { equal, fromHex } from '../shared/bytes.js';

export interface ImageSize {
  readonly format: 'jpeg' | 'jpeg2000';
  /** px */
  readonly width: number;
  /** px */
  readonly height: number;
}

function startsWith(bytes: Uint8Array, signature: Uint8Array): boolean {
  return equal(bytes.subarray(0, signature.length), signature);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const jpegStart = fromHex('FFD8FF');
/** SOC marker and SIZ marker. */
const codestreamStart = fromHex('FF4FFF51');
const jp2Start = fromHex('0000000C 6A502020 0D0A870A');

/** SOF0 to SOF15; between them lie DHT (C4), JPG (C8) and DAC (CC). */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** RST0 to RST7, SOI and TEM stand alone, without a length. */
function standsAlone(marker: number): boolean {
  return (marker >= 0xd0 && marker <= 0xd8) || marker === 0x01;
}

/** The frame header of a JPEG, ITU-T T.81 sections B.1.1 and B.2.2. */
function jpegSize(image: Uint8Array): ImageSize | undefined {
  const data = view(image);
  let at = 2;
  while (at + 1 < image.length) {
    if (image[at] !== 0xff) return undefined;
    const marker = image[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1; // Fill byte.
    } else if (standsAlone(marker)) {
      at += 2;
    } else if (isStartOfFrame(marker)) {
      if (at + 9 > image.length) return undefined;
      return { format: 'jpeg', height: data.getUint16(at + 5), width: data.getUint16(at + 7) };
    } else {
      if (at + 4 > image.length) return undefined;
      at += 2 + Math.max(2, data.getUint16(at + 2));
    }
  }
  return undefined;
}

/** The SIZ marker segment of a JPEG 2000 codestream, ITU-T T.800 section A.5.1: size of the grid less its offset. */
function codestreamSize(codestream: Uint8Array): ImageSize | undefined {
  if (!startsWith(codestream, codestreamStart) || codestream.length < 24) return undefined;
  const data = view(codestream);
  return {
    format: 'jpeg2000',
    width: data.getUint32(8) - data.getUint32(16),
    height: data.getUint32(12) - data.getUint32(20),
  };
}

/** The contiguous codestream among the boxes of a JP2 file, ITU-T T.800 sections I.4 and I.5.4. */
function jp2Size(file: Uint8Array): ImageSize | undefined {
  const codestreamBox = 0x6a703263;
  const data = view(file);
  let at = 0;
  while (at + 16 <= file.length) {
    const length = data.getUint32(at);
    // 1: the length follows in 8 bytes; 0: up to the end of the file.
    const headerLength = length === 1 ? 16 : 8;
    const boxLength = length === 1 ? Number(data.getBigUint64(at + 8)) : length;
    if (data.getUint32(at + 4) === codestreamBox) return codestreamSize(file.subarray(at + headerLength));
    if (boxLength < headerLength) return undefined;
    at += boxLength;
  }
  return undefined;
}

function sizeOf(image: Uint8Array): ImageSize | undefined {
  if (startsWith(image, jpegStart)) return jpegSize(image);
  if (startsWith(image, jp2Start)) return jp2Size(image);
  return codestreamSize(image);
}

/** Whether the bytes begin like a JPEG, a JP2 file or a JPEG 2000 codestream. */
export function looksLikeImage(bytes: Uint8Array): boolean {
  return [jpegStart, jp2Start, codestreamStart].some((signature) => startsWith(bytes, signature));
}

/** Pixel size as the image itself says; `undefined` when it is none of these formats or says nothing sensible. */
export function imageSize(image: Uint8Array): ImageSize | undefined {
  const size = sizeOf(image);
  return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined;
}
