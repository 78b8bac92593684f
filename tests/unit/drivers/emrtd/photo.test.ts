import { describe, expect, it } from 'vitest';
import { chipFacts } from '../../../../drivers/emrtd/types.js';
import { examinePhoto } from '../../../../drivers/emrtd/photo.js';
import { concat, fromHex } from '../../../../drivers/shared/bytes.js';
import { encodeTlv } from '../../../../drivers/shared/tlv.js';
import { encodeDg2, lengthenJpeg } from '../../../../drivers/simulated/chip/lds.js';
import { portrait } from '../../../../drivers/simulated/chip/portrait.js';

const jpeg = new Uint8Array(Buffer.from(portrait, 'base64'));

function word(value: number, bytes: 2 | 4): Uint8Array {
  return fromHex(value.toString(16).padStart(2 * bytes, '0'));
}

/** SOC and the SIZ segment of a JPEG 2000 codestream, ITU-T T.800 section A.5.1, for a grid that begins at 10, 20. */
function codestream(width: number, height: number): Uint8Array {
  const grid = [width + 10, height + 20, 10, 20].map((value) => word(value, 4));
  return concat(fromHex('FF4F FF51 002F 0000'), ...grid, new Uint8Array(40));
}

function box(type: string, content: Uint8Array): Uint8Array {
  return concat(word(8 + content.length, 4), Buffer.from(type), content);
}

/** A JP2 file, ITU-T T.800 section I.5, with a box of its own before the codestream. */
function jp2(last: Uint8Array): Uint8Array {
  const signature = box('jP  ', fromHex('0D0A870A'));
  return concat(signature, box('ftyp', Buffer.from('jp2 ')), box('uuid', new Uint8Array(16)), last);
}

function withPhoto(bytes: Uint8Array): Uint8Array {
  // The header's size is wrong on purpose: documents often have it so.
  return encodeDg2({ bytes, width: 1, height: 1, format: 'jpeg' });
}

/** Biometric information template around any biometric data. */
function template(...data: readonly Uint8Array[]): Uint8Array {
  return encodeTlv(0x75, encodeTlv(0x7f61, encodeTlv(0x02, Uint8Array.of(1)), encodeTlv(0x7f60, ...data)));
}

const unreadable = { kind: 'unreadable' };

describe('the photo in a chip', () => {
  it('has the size that its JPEG says, not that of the header around it', () => {
    expect(examinePhoto(withPhoto(jpeg))).toEqual({
      kind: 'parsed',
      container: 'ISO 19794-5',
      format: 'jpeg',
      width: 413,
      height: 531,
      bytes: jpeg.length,
      faces: 1,
    });
  });

  it('may have fill bytes before the markers of its JPEG', () => {
    expect(examinePhoto(withPhoto(lengthenJpeg(jpeg, 999)))).toMatchObject({ width: 413, height: 531 });
  });

  it('has the size of the codestream in JPEG 2000, less the offset of its grid', () => {
    const sized = codestream(240, 320);
    const toTheEnd = concat(word(0, 4), Buffer.from('jp2c'), sized);
    const longLength = concat(word(1, 4), Buffer.from('jp2c'), word(0, 4), word(16 + sized.length, 4), sized);
    for (const image of [sized, jp2(box('jp2c', sized)), jp2(toTheEnd), jp2(longLength)]) {
      expect(examinePhoto(withPhoto(image))).toMatchObject({
        format: 'jpeg2000',
        width: 240,
        height: 320,
        bytes: image.length,
      });
    }
  });

  it('may come after feature points', () => {
    const dg2 = withPhoto(jpeg);
    const record = Buffer.from(dg2).indexOf('FAC\0');
    const faceAt = record + 14;
    const points = new Uint8Array(3 * 8);
    const face = concat(dg2.subarray(faceAt, faceAt + 20), points, dg2.subarray(faceAt + 20));
    face.set(word(face.length, 4), 0);
    face.set(word(3, 2), 4);
    const withPoints = template(encodeTlv(0x5f2e, dg2.subarray(record, faceAt), face));
    expect(examinePhoto(withPoints)).toMatchObject({ width: 413, height: 531, bytes: jpeg.length });
  });

  it('is counted with the others where there are several', () => {
    const dg2 = withPhoto(jpeg);
    const record = dg2.slice(Buffer.from(dg2).indexOf('FAC\0'));
    const two = Uint8Array.from(record);
    two.set(word(2, 2), 12);
    const data = encodeTlv(0x5f2e, concat(two, record.subarray(14)));
    expect(examinePhoto(template(data))).toMatchObject({ faces: 2, bytes: jpeg.length });
  });

  it('is found in the tag-based encoding of ISO 39794-5', () => {
    // FaceImageDataBlock with version block and one representation: id, image (base, 2D, representation data).
    const version = encodeTlv(0xa0, encodeTlv(0x80, Uint8Array.of(3)), encodeTlv(0x81, word(2019, 2)));
    const image = encodeTlv(0xa1, encodeTlv(0xa0, encodeTlv(0xa0, encodeTlv(0x80, jpeg))));
    const representation = encodeTlv(0x30, encodeTlv(0x80, Uint8Array.of(1)), image);
    const block = encodeTlv(0x65, version, encodeTlv(0xa1, representation));
    expect(examinePhoto(template(encodeTlv(0x7f2e, block)))).toEqual({
      kind: 'parsed',
      container: 'ISO 39794-5',
      format: 'jpeg',
      width: 413,
      height: 531,
      bytes: jpeg.length,
      faces: 1,
    });
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['another file', encodeTlv(0x61, new Uint8Array(8))],
    ['a file cut off', withPhoto(jpeg).subarray(0, 500)],
    ['another kind of image', withPhoto(fromHex('89504E470D0A1A0A'))],
    ['a JPEG without a frame', withPhoto(fromHex('FFD8 FFE00004 0000 FFD9'))],
    ['a JPEG of zero width', withPhoto(fromHex('FFD8 FFC0 0011 08 0213 0000 03 011100 021100 031100'))],
    ['a JP2 file without a codestream', withPhoto(jp2(box('free', new Uint8Array(30))))],
    ['a JP2 file with a box shorter than its header', withPhoto(jp2(fromHex(`00000003${'00'.repeat(40)}`)))],
    ['a record of another version', template(encodeTlv(0x5f2e, Buffer.from('FAC\x00030\x00'), jpeg))],
  ])('is unreadable where there is %s', (_, file) => {
    expect(examinePhoto(file)).toEqual(unreadable);
  });

  it('never throws or hangs, whatever bytes are broken', () => {
    const tagged = template(
      encodeTlv(0x7f2e, encodeTlv(0x65, encodeTlv(0x30, encodeTlv(0x80, codestream(9, 9))))),
    );
    const files = [withPhoto(jpeg.subarray(0, 700)), withPhoto(jp2(box('jp2c', codestream(9, 9)))), tagged];
    let state = 1;
    // Park and Miller's minimal standard generator.
    const random = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 6000; round++) {
      const broken = Uint8Array.from(files[round % files.length]!);
      for (let count = 1 + random(4); count > 0; count--) broken[random(broken.length)] = random(256);
      const cut = random(4) === 0 ? broken.subarray(0, random(broken.length)) : broken;
      chipFacts.shape.photo.parse(examinePhoto(cut));
    }
  });
});
