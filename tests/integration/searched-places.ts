import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What base64 makes of `piece` wherever it stands in something longer: it begins anew every three bytes. */
export function base64Forms(piece: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), piece]).toString('base64');
    // Without the characters at both ends that hold bits of the neighbours too.
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + piece.length) * 8) / 6));
  });
}

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The kiosk's own process and all that it has started, driver hosts included. */
export function processTree(root: number): number[] {
  const children = readFileSync(`/proc/${root}/task/${root}/children`, 'utf8').trim();
  return [root, ...(children === '' ? [] : children.split(' ').map(Number).flatMap(processTree))];
}
