import { decodeResponse, encodeCommand } from '../shared/apdu.js';

// The one U2F command that this driver sends: U2F_VERSION, FIDO U2F raw message formats section 6.

const versionInstruction = 0x03;
const success = 0x9000;
const version = { cla: 0x00, ins: versionInstruction, p1: 0x00, p2: 0x00 } as const;

/** For HID, where U2F messages are in extended form. */
export const u2fVersionMessage = encodeCommand({ ...version, le: 65_536 }, true);
export const u2fVersionCommand = { ...version, le: 256 } as const;

export const u2fVersion = 'U2F_V2';

/** Whether this response APDU is that of a U2F key. */
export function saysU2f(response: Uint8Array): boolean {
  const decoded = decodeResponse(response);
  return decoded?.sw === success && isText(decoded.data, u2fVersion);
}

export function isText(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes).toString('latin1') === text;
}
