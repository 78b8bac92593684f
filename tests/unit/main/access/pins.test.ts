import { scryptSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashPin, isEasy, isPin, madeUpPin, pinHash } from '../../../../main/access/pins.js';
import { pin as pinShape } from '../../../../main/api/contract.js';

describe('a kept PIN', () => {
  it('is a scrypt hash (RFC 7914) with N 65536, r 8, p 1, a salt of 16 bytes and 32 bytes of hash', async () => {
    const kept = await hashPin('804213');
    expect(kept).toMatchObject({ n: 65_536, r: 8, p: 1 });
    const salt = Buffer.from(kept.salt, 'base64');
    expect(salt).toHaveLength(16);
    const own = scryptSync('804213', salt, 32, { N: 65_536, r: 8, p: 1, maxmem: 128 * 1024 * 1024 });
    expect(kept.hash).toBe(own.toString('base64'));
    expect(JSON.stringify(kept)).not.toContain('804213');
  });

  it('has a salt of its own each time', async () => {
    const [one, other] = await Promise.all([hashPin('804213'), hashPin('804213')]);
    expect(one.salt).not.toBe(other.salt);
    expect(one.hash).not.toBe(other.hash);
  });

  it('is told from every other', async () => {
    const kept = await hashPin('804213');
    expect(await isPin('804213', kept)).toBe(true);
    for (const other of ['804214', '80421', '8042130', '']) expect(await isPin(other, kept)).toBe(false);
  });

  it('is checked with the parameters that it was made with', async () => {
    const salt = Buffer.alloc(16, 7);
    const hash = scryptSync('804213', salt, 32, { N: 16_384, r: 8, p: 1, maxmem: 64 * 1024 * 1024 });
    const older = { n: 16_384, r: 8, p: 1, salt: salt.toString('base64'), hash: hash.toString('base64') };
    expect(await isPin('804213', pinHash.parse(older))).toBe(true);
  });

  it.each([
    ['needs more memory than there is', { n: 2 ** 30 }],
    ['is too quick to try', { n: 2 ** 10 }],
    ['scrypt cannot do', { n: 65_537 }],
    ['would take minutes', { p: 1000 }],
    ['has no hash', { hash: '' }],
    ['has no salt', { salt: '' }],
  ])('is damaged where it %s', async (_what, change) => {
    expect(pinHash.safeParse({ ...(await hashPin('804213')), ...change }).success).toBe(false);
  });
});

describe('a PIN', () => {
  it.each(['000000', '999999', '123456', '654321', '456789', '890123', '121212', '123123', '12121212'])(
    'is easy: %s',
    (pin) => expect(isEasy(pin)).toBe(true),
  );

  it.each(['804213', '112233', '123457', '1212123', '90817263'])('is not: %s', (pin) =>
    expect(isEasy(pin)).toBe(false),
  );

  it('that the program makes up has eight digits, is not easy, and is another each time', () => {
    const made = Array.from({ length: 500 }, madeUpPin);
    expect(made.filter((pin) => !/^\d{8}$/.test(pin) || isEasy(pin))).toEqual([]);
    expect(new Set(made).size).toBeGreaterThan(490);
  });

  it.each([
    ['12345', false],
    ['804213', true],
    ['804213804213', true],
    ['8042138042138', false],
    ['80421a', false],
    ['٨٠٤٢١٣', false],
  ])('is six to twelve digits: %s %s', (pin, is) => expect(pinShape.safeParse(pin).success).toBe(is));
});
