import { openSerialLine } from '../shared/serial-line.js';
import type { OpenLink } from './link.js';

/** Start bit, 8 data bits, stop bit. */
const bitsPerByte = 10;

/** A serial port as ticket printers are delivered for. */
export async function openSerialLink(path: string, baudRate: number): ReturnType<OpenLink> {
  const line = await openSerialLine(path, baudRate);
  return line === undefined ? undefined : Object.assign(line, { bytesPerSecond: baudRate / bitsPerByte });
}
