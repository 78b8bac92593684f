import * as crypto from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { documentBasicAccessKeys } from '../../../../../drivers/emrtd/bac.js';
import { fromHex } from '../../../../../drivers/shared/bytes.js';
import { deriveKey, keyUse } from '../../../../../drivers/shared/crypto/key-derivation.js';
import { aesCbc, hash, tripleDesCbc } from '../../../../../drivers/shared/crypto/symmetric.js';

/** Everything that went into Node's primitives and came out of them, by reference. */
const seen = vi.hoisted(() => ({
  keys: [] as Uint8Array[],
  inputs: [] as Uint8Array[],
  outputs: [] as Uint8Array[],
}));

vi.mock(import('node:crypto'), async (importOriginal) => {
  const original = await importOriginal();
  /** Keeps what passes through the methods of a hash or cipher. */
  function watch<Primitive extends object>(primitive: Primitive): Primitive {
    return new Proxy(primitive, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...given: unknown[]) => {
          const result: unknown = Reflect.apply(method, target, given);
          if (name === 'update' && given[0] instanceof Uint8Array) seen.inputs.push(given[0]);
          if (result instanceof Uint8Array) seen.outputs.push(result);
          return result;
        };
      },
    });
  }
  return {
    ...original,
    createHash: (...given: Parameters<typeof crypto.createHash>) => watch(original.createHash(...given)),
    createCipheriv: ((algorithm: string, key: Uint8Array, iv: Uint8Array) => {
      seen.keys.push(key);
      return watch(original.createCipheriv(algorithm, key, iv));
    }) as typeof crypto.createCipheriv,
    createDecipheriv: ((algorithm: string, key: Uint8Array, iv: Uint8Array) => {
      seen.keys.push(key);
      return watch(original.createDecipheriv(algorithm, key, iv));
    }) as typeof crypto.createDecipheriv,
  };
});

const isOverwritten = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

afterEach(() => {
  for (const list of Object.values(seen)) list.length = 0;
});

const block = fromHex('00112233445566778899AABBCCDDEEFF');

describe('what is left in memory', () => {
  it.each([
    ['3DES', tripleDesCbc, 8],
    ['AES', aesCbc, 16],
  ] as const)('after %s is the result alone', (_, cipher, blockLength) => {
    const key = fromHex('0123456789ABCDEFFEDCBA9876543210');
    const encrypted = cipher('encrypt', key, new Uint8Array(blockLength), block);
    expect(cipher('decrypt', key, new Uint8Array(blockLength), encrypted)).toEqual(block);
    expect(seen.outputs.filter(({ length }) => length > 0)).toHaveLength(2);
    expect(seen.outputs.every(isOverwritten)).toBe(true);
    expect(seen.keys.filter((used) => used !== key).every(isOverwritten)).toBe(true);
  });

  it('after a hash is the result alone, in memory of its own', () => {
    const digest = hash('sha256', block);
    expect(digest.buffer.byteLength).toBe(32);
    expect(seen.outputs).toHaveLength(1);
    expect(seen.outputs.every(isOverwritten)).toBe(true);
  });

  it.each(['3des', 'aes-128', 'aes-192', 'aes-256'] as const)(
    'after the derivation of a key is the secret, which the caller overwrites, and the key (%s)',
    (cipher) => {
      const secret = block.slice();
      const key = deriveKey(secret, keyUse.encryption, cipher);
      expect(isOverwritten(key)).toBe(false);
      // The counter is no secret.
      const others = seen.inputs.filter((input) => input !== secret && input.length > 4);
      expect([...others, ...seen.outputs].every(isOverwritten)).toBe(true);
      expect(seen.outputs).not.toHaveLength(0);
    },
  );

  it('after the keys of basic access control are the keys alone', () => {
    documentBasicAccessKeys({ documentNumber: 'L898902C', birthDate: '690806', expiryDate: '940623' });
    const [information] = seen.inputs;
    expect(information).toHaveLength(24);
    expect(seen.inputs.filter(({ length }) => length > 4).every(isOverwritten)).toBe(true);
  });
});
