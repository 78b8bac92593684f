import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { lockState } from './lock-out.js';
import { pinHash } from './pins.js';

const kept = z.strictObject({ pin: pinHash.optional(), mustChange: z.boolean(), lock: lockState.optional() });

/** What is kept of access: hashes and wrong tries. */
export const accessRecord = z.strictObject({ staff: kept, technician: kept });
export type AccessRecord = z.infer<typeof accessRecord>;

const fileName = 'access.json';

export type FoundAccess =
  | { readonly kind: 'record'; readonly record: AccessRecord }
  | { readonly kind: 'absent' }
  /** It is there and cannot be used: nobody gets in until someone has seen to it. */
  | { readonly kind: 'damaged' };

export async function readAccess(folder: string): Promise<FoundAccess> {
  let text: string;
  try {
    text = await readFile(join(folder, fileName), 'utf8');
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { kind: absent ? 'absent' : 'damaged' };
  }
  try {
    const parsed = accessRecord.safeParse(JSON.parse(text));
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
