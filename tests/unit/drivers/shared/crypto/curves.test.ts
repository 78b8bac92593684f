import { describe, expect, it } from 'vitest';
import {
  curveById,
  curveByOid,
  curveByParameters,
  curveFromParameters,
} from '../../../../../drivers/shared/crypto/curves.js';

const ids = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18];

describe('standardized curves, Doc 9303 part 11 section 9.5.1', () => {
  it.each(ids)('parameter id %i: its generator has the order that the table says', (id) => {
    const curve = curveById(id)!;
    const { Point, parameters } = curve;
    Point.BASE.assertValidity();
    // (n - 1) G is the negative of G only if n G is the point at infinity.
    expect(Point.BASE.multiply(parameters.n - 1n).equals(Point.BASE.negate())).toBe(true);
  });

  it('are found by identifier, by object identifier and by their parameters', () => {
    for (const id of ids) {
      const curve = curveById(id)!;
      expect(curveByOid(curve.oid)).toBe(curve);
      expect(curveByParameters({ ...curve.parameters })).toBe(curve);
    }
  });

  it('know their own length of a coordinate', () => {
    expect(ids.map((id) => curveById(id)!.fieldBytes)).toEqual([24, 24, 28, 28, 32, 32, 40, 48, 48, 64, 66]);
  });

  it('do not hold an unknown curve', () => {
    expect(curveById(3)).toBeUndefined();
    expect(curveByOid('1.2.3')).toBeUndefined();
    const { parameters } = curveById(12)!;
    expect(curveByParameters({ ...parameters, b: parameters.b + 1n })).toBeUndefined();
    expect(curveFromParameters(parameters).name).toBeUndefined();
  });
});
