import { Decoder, setSizeLimits } from 'cbor-x/decode-no-eval';
import { z } from 'zod';
import { toHex } from '../shared/bytes.js';
import { err, ok, type Result } from '../shared/result.js';
import type { KeyFacts } from './types.js';
import { u2fVersion } from './u2f.js';

/** The one CTAP2 command that this driver sends, CTAP 2.1 section 6.4. It takes no parameter. */
export const getInfoRequest = Uint8Array.of(0x04);

/** CTAP2 status codes, section 8.2, as far as they make a difference here. */
const ctapStatus = { success: 0x00, invalidCommand: 0x01, channelBusy: 0x06 } as const;

/** Members of the answer, section 6.4, by their numbers. */
const member = {
  versions: 0x01,
  aaguid: 0x03,
  maxMessageSize: 0x05,
  transports: 0x09,
  firmwareVersion: 0x0e,
} as const;
const aaguidBytes = 16;

// No answer can hold more: a length that is only claimed must not cost memory.
setSizeLimits({ maxArraySize: 8192, maxMapSize: 8192, maxObjectSize: 8192 });
// This entry of cbor-x neither loads its native addon nor makes code out of data.
const decoder = new Decoder({ mapsAsObjects: false, useRecords: false });

const name = z.string().regex(/^[\x20-\x7e]{1,32}$/);
const info = z.object({
  versions: z.array(name).min(1).max(16),
  aaguid: z.instanceof(Uint8Array).refine(({ length }) => length === aaguidBytes),
  maxMessageSize: z.int().min(0).optional(),
  transports: z.array(name).max(8).optional(),
  firmwareVersion: z.int().min(0).optional(),
});

/** What a key says of its kind. */
export interface KeyInfo {
  readonly versions: string[];
  /** Hex, lower case; `null` when it is all zeros. */
  readonly aaguid: string | null;
  readonly transports: string[];
  readonly firmwareVersion: number | null;
  /** Bytes. */
  readonly maxMessageSize: number | null;
}

export type GetInfoAnswer =
  | { readonly kind: 'info'; readonly info: KeyInfo }
  /** It does not know the command: an old key. */
  | { readonly kind: 'unknown-command' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'malformed' };

/** Reads a status byte and the CBOR map after it. */
export function parseGetInfo(answer: Uint8Array): GetInfoAnswer {
  switch (answer[0]) {
    case ctapStatus.success:
      return parseInfo(answer.subarray(1));
    case ctapStatus.invalidCommand:
      return { kind: 'unknown-command' };
    case ctapStatus.channelBusy:
      return { kind: 'busy' };
    case undefined:
    default:
      return { kind: 'malformed' };
  }
}

function parseInfo(bytes: Uint8Array): GetInfoAnswer {
  const decoded = decode(bytes);
  if (!(decoded instanceof Map)) return { kind: 'malformed' };
  const map: ReadonlyMap<unknown, unknown> = decoded;
  const parsed = info.safeParse({
    versions: map.get(member.versions),
    aaguid: map.get(member.aaguid),
    maxMessageSize: map.get(member.maxMessageSize),
    transports: map.get(member.transports),
    firmwareVersion: map.get(member.firmwareVersion),
  });
  if (!parsed.success) return { kind: 'malformed' };
  const { versions, aaguid, transports = [], firmwareVersion = null, maxMessageSize = null } = parsed.data;
  return {
    kind: 'info',
    info: {
      versions,
      aaguid: aaguid.some((byte) => byte !== 0) ? toHex(aaguid).toLowerCase() : null,
      transports,
      firmwareVersion,
      maxMessageSize,
    },
  };
}

function decode(bytes: Uint8Array): unknown {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** What an answer to GetInfo comes to for a check; `undefined` from a key that does not know CTAP2. */
export function infoFrom(
  answer: Uint8Array,
): Result<KeyInfo | undefined, { readonly kind: 'key-busy' | 'protocol-error' }> {
  const parsed = parseGetInfo(answer);
  switch (parsed.kind) {
    case 'info':
      return ok(parsed.info);
    case 'unknown-command':
      return ok(undefined);
    case 'busy':
      return err({ kind: 'key-busy' });
    case 'malformed':
      return err({ kind: 'protocol-error' });
  }
}

/** The part of the facts that GetInfo tells, or that there was none. */
export function factsOf(
  found: KeyInfo | undefined,
): Pick<KeyFacts, 'versions' | 'ctap2' | 'aaguid' | 'transports' | 'firmwareVersion' | 'maxMessageSize'> {
  return {
    versions: found?.versions ?? [u2fVersion],
    ctap2: found !== undefined,
    aaguid: found?.aaguid ?? null,
    transports: found?.transports ?? [],
    firmwareVersion: found?.firmwareVersion ?? null,
    maxMessageSize: found?.maxMessageSize ?? null,
  };
}
