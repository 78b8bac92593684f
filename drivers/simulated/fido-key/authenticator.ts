import { concat, fromHex } from '../../shared/bytes.js';
import { decodeCommand } from '../../shared/apdu.js';
import { type CborValue, encodeCanonical } from './cbor.js';
import type { DemoKey } from './types.js';

/** CTAP2 status codes, CTAP 2.1 section 8.2. */
const status = { success: 0x00, invalidCommand: 0x01, invalidLength: 0x03, operationDenied: 0x27 } as const;
/** CTAP2 commands that are real and that this key knows of, but never carries out: it holds nothing. */
const refusedCommands: readonly number[] = [0x01, 0x02, 0x06, 0x07, 0x08, 0x0b];
const getInfo = 0x04;

/** Made up: it names no model that is sold. */
export const demoAaguid = fromHex('F0A1C0DE00000000F0A1000000000001');
export const demoFirmwareVersion = 0x010203;
export const demoMaxMessageSize = 1200;

/** Members of the answer to GetInfo, section 6.4. */
const info = encodeCanonical(
  new Map<number, CborValue>([
    [0x01, ['U2F_V2', 'FIDO_2_0', 'FIDO_2_1']],
    [0x02, ['credProtect', 'hmac-secret']],
    [0x03, demoAaguid],
    [
      0x04,
      new Map([
        ['rk', true],
        ['up', true],
        ['plat', false],
        ['clientPin', false],
      ]),
    ],
    [0x05, demoMaxMessageSize],
    [0x06, [1]],
    [0x07, 8],
    [0x08, 128],
    [0x09, ['nfc', 'usb']],
    [0x0e, demoFirmwareVersion],
  ]),
);
/** A map that ends in its middle. */
const brokenInfo = info.subarray(0, 20);

/** What a key is behind its ways in: it answers GetInfo and U2F's version, and refuses everything else. */
export class Authenticator {
  readonly kind: DemoKey;

  constructor(kind: DemoKey) {
    this.kind = kind;
  }

  get knowsCtap2(): boolean {
    return this.kind !== 'u2f-only';
  }

  /** Answers a CTAP2 command with a status byte and CBOR. */
  cbor(request: Uint8Array): Uint8Array {
    const [command, ...parameters] = request;
    if (command === undefined) return Uint8Array.of(status.invalidLength);
    if (refusedCommands.includes(command)) return Uint8Array.of(status.operationDenied);
    if (command !== getInfo) return Uint8Array.of(status.invalidCommand);
    if (parameters.length > 0) return Uint8Array.of(status.invalidLength);
    return concat(Uint8Array.of(status.success), this.kind === 'protocol-error' ? brokenInfo : info);
  }

  /** Answers a U2F command, FIDO U2F raw message formats section 3. */
  u2f(command: Uint8Array): Uint8Array {
    const decoded = decodeCommand(command);
    if (decoded === undefined) return fromHex('6700');
    if (decoded.cla !== 0x00) return fromHex('6E00');
    switch (decoded.ins) {
      // Registration and authentication wait for a touch that never comes.
      case 0x01:
      case 0x02:
        return fromHex('6985');
      case 0x03:
        return decoded.data === undefined
          ? concat(new TextEncoder().encode('U2F_V2'), fromHex('9000'))
          : fromHex('6700');
      default:
        return fromHex('6D00');
    }
  }
}
