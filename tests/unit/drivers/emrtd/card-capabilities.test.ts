import { describe, expect, it } from 'vitest';
import { takesExtendedLength } from '../../../../drivers/emrtd/card-capabilities.js';
import { fromHex } from '../../../../drivers/shared/bytes.js';

describe('card capabilities in the answer to reset', () => {
  it.each([
    ['3B8580018073C021C057', true, 'capabilities alone'],
    ['3B85800180730021 8057', false, 'capabilities without extended length'],
    ['3B8780018031B873C0214057', true, 'service data before the capabilities'],
    ['3B8880010073C021400590 0057', true, 'three bytes of status at the end'],
    ['3B84800180724000 57', false, 'capabilities of two bytes'],
    ['3B888001000000000000000009', false, 'a chip that says nothing'],
    ['3B8F8001804F0CA000000306030001000000006A', false, 'a storage card'],
    ['3B8880014173C02140059000 57', false, 'historical bytes in a form of their own'],
    ['3B8F80018073C0', false, 'cut off'],
    ['3B', false, 'cut off at the beginning'],
    ['', false, 'no answer to reset'],
    ['3BFFFFFFFFFF', false, 'garbage'],
  ])('%s: %s (%s)', (atr, extended) => {
    expect(takesExtendedLength(fromHex(atr))).toBe(extended);
  });
});
