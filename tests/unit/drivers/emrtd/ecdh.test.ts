import { createECDH } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodePoint, makeKeyPair, mapGeneric, sharedSecret } from '../../../../drivers/emrtd/ecdh.js';
import { curveById } from '../../../../drivers/shared/crypto/curves.js';
import { seededRandom } from './scripted-chip.js';

const p256 = curveById(12)!;
const group = { curve: p256, generator: p256.Point.BASE };

describe('key agreement on elliptic curves', () => {
  it('keeps the leading zeros of the common secret: 700 agreements with another implementation', () => {
    const random = seededRandom(9303);
    const other = createECDH('prime256v1');
    other.setPrivateKey(random(32));
    const peer = decodePoint(p256, new Uint8Array(other.getPublicKey()))!;
    let withLeadingZero = 0;
    for (let i = 0; i < 700; i++) {
      const pair = makeKeyPair(group, random);
      const secret = sharedSecret(p256, pair.secret, peer);
      expect(secret).toEqual(new Uint8Array(other.computeSecret(pair.publicKey)));
      if (secret[0] === 0) withLeadingZero += 1;
    }
    expect(withLeadingZero).toBeGreaterThan(0);
  });

  it.each([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18])(
    'comes to the same secret on both sides, on the curve with parameter id %i and after mapping',
    (id) => {
      const curve = curveById(id)!;
      const random = seededRandom(id);
      const standard = { curve, generator: curve.Point.BASE };
      const [a, b] = [makeKeyPair(standard, random), makeKeyPair(standard, random)];
      const nonce = random(16);
      const mapped = mapGeneric(standard, nonce, a, b.publicPoint)!;
      expect(mapGeneric(standard, nonce, b, a.publicPoint)!.generator.equals(mapped.generator)).toBe(true);
      const [c, d] = [makeKeyPair(mapped, random), makeKeyPair(mapped, random)];
      const secret = sharedSecret(curve, c.secret, decodePoint(curve, d.publicKey)!);
      expect(secret).toEqual(sharedSecret(curve, d.secret, decodePoint(curve, c.publicKey)!));
      expect(secret).toHaveLength(curve.fieldBytes);
    },
  );

  it('does not map a nonce of zero', () => {
    const pair = makeKeyPair(group, seededRandom(1));
    expect(mapGeneric(group, new Uint8Array(16), pair, p256.Point.BASE)).toBeUndefined();
  });

  it('does not go on with randomness that repeats a forbidden value', () => {
    expect(() => makeKeyPair(group, (length) => new Uint8Array(length))).toThrow('randomness');
  });
});
