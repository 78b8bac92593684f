import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** A PIN as it is kept: RFC 7914 (scrypt), parameters beside the hash so that they can grow. */
export const pinHash = z.strictObject({
  /** A power of two; bounded, so that a damaged file does not take all memory. */
  n: z
    .int()
    .min(2 ** 14)
    .max(2 ** 20)
    .refine((n) => Number.isInteger(Math.log2(n))),
  r: z.int().min(1).max(16),
  p: z.int().min(1).max(4),
  /** Base64, as is `hash`. */
  salt: z.string().min(16),
  hash: z.string().length(44),
});
export type PinHash = z.infer<typeof pinHash>;

/** 64 MiB and about a quarter of a second a try. */
const cost = { n: 2 ** 16, r: 8, p: 1 };
const hashBytes = 32;
const firstPinDigits = 8;

function derive(pin: string, salt: Buffer, { n, r, p }: Pick<PinHash, 'n' | 'r' | 'p'>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, hashBytes, { N: n, r, p, maxmem: 256 * n * r }, (error, hash) => {
      if (error === null) resolve(hash);
      else reject(error);
    });
  });
}

export async function hashPin(pin: string): Promise<PinHash> {
  const salt = randomBytes(16);
  const hash = await derive(pin, salt, cost);
  return { ...cost, salt: salt.toString('base64'), hash: hash.toString('base64') };
}

/** In a time that tells nothing of where they differ. */
export async function isPin(pin: string, kept: PinHash): Promise<boolean> {
  const hash = await derive(pin, Buffer.from(kept.salt, 'base64'), kept);
  const expected = Buffer.from(kept.hash, 'base64');
  return hash.length === expected.length && timingSafeEqual(hash, expected);
}

/** For the first login alone. */
export function madeUpPin(): string {
  for (;;) {
    const pin = String(randomInt(10 ** firstPinDigits)).padStart(firstPinDigits, '0');
    if (!isEasy(pin)) return pin;
  }
}

/** All the same digit, a run up or down, or the same few digits again and again. */
export function isEasy(pin: string): boolean {
  const digits = Array.from(pin, Number);
  const steps = new Set(digits.slice(1).map((digit, index) => (digit - (digits[index] ?? 0) + 10) % 10));
  const [step] = steps;
  if (steps.size === 1 && (step === 0 || step === 1 || step === 9)) return true;
  return [2, 3].some(
    (length) => pin.length % length === 0 && pin === pin.slice(0, length).repeat(pin.length / length),
  );
}
