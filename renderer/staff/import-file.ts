import { methods, type Input } from '../../main/api/contract.js';

type Import = Input<'desk.importAppointments'>;

/** Most that one message to main may have, bytes of UTF-8, with room for the call around the file. */
const longestBytes = 500 * 1024;
export const longestImport = 400_000;

export type ImportFile =
  | { readonly kind: 'file'; readonly input: Import }
  /** More characters, or more bytes, than one import may have. */
  | { readonly kind: 'too-large' }
  | { readonly kind: 'not-readable' };

/** UTF-8, or what a Danish Windows writes when a sheet is saved as CSV. */
function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** What an import of this file sends; never a part of it. */
export async function readImport(file: Pick<Blob, 'size' | 'arrayBuffer'>): Promise<ImportFile> {
  if (file.size > longestBytes) return { kind: 'too-large' };
  let text: string;
  try {
    text = decode(await file.arrayBuffer());
  } catch {
    return { kind: 'not-readable' };
  }
  const input = { format: text.includes('BEGIN:VCALENDAR') ? 'icalendar' : 'csv', text } as const;
  const fits =
    methods['desk.importAppointments'].input.safeParse(input).success &&
    new TextEncoder().encode(JSON.stringify(input)).length <= longestBytes;
  return fits ? { kind: 'file', input } : { kind: 'too-large' };
}
