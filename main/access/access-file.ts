import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { lockState } from './lock-out.js';
import { pinHash } from './pins.js';
import { roleLocksState } from './role-locks.js';

const keptPin = { pin: pinHash.optional(), mustChange: z.boolean() };
const kept = z.strictObject({ ...keptPin, locks: roleLocksState.optional() });

/** What is kept of access: hashes and wrong tries. */
export const accessRecord = z.strictObject({
  /** Mixed into the names of places, base64. */
  placeSalt: z.string().min(16),
  staff: kept,
  technician: kept,
});
export type AccessRecord = z.infer<typeof accessRecord>;

/** As the first version wrote it: one lock for everybody, which is what strangers have now. */
const firstKept = z
  .strictObject({ ...keptPin, lock: lockState.optional() })
  .transform(({ lock, ...rest }) => ({
    ...rest,
    ...(lock === undefined ? {} : { locks: { strangers: lock, places: [] } }),
  }));
const firstRecord = z
  .strictObject({ staff: firstKept, technician: firstKept })
  .transform((record) => ({ placeSalt: newPlaceSalt(), ...record }));

const anyRecord = z.union([accessRecord, firstRecord]);

const fileName = 'access.json';

export type FoundAccess =
  | { readonly kind: 'record'; readonly record: AccessRecord }
  | { readonly kind: 'absent' }
  /** It is there and cannot be used: nobody gets in until someone has seen to it. */
  | { readonly kind: 'damaged' };

export function newPlaceSalt(): string {
  return randomBytes(16).toString('base64');
}

export async function readAccess(folder: string): Promise<FoundAccess> {
  let text: string;
  try {
    text = await readFile(join(folder, fileName), 'utf8');
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { kind: absent ? 'absent' : 'damaged' };
  }
  try {
    const parsed = anyRecord.safeParse(JSON.parse(text));
    return parsed.success ? { kind: 'record', record: parsed.data } : { kind: 'damaged' };
  } catch {
    return { kind: 'damaged' };
  }
}

/** Whether it is on the disk. */
export async function writeAccess(folder: string, record: AccessRecord): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFileAtomic(join(folder, fileName), `${JSON.stringify(record, undefined, 2)}\n`, {
      mode: 0o600,
    });
    return true;
  } catch {
    return false;
  }
}
