import { toHex } from '../shared/bytes.js';
import { curveById, type StandardizedCurve } from '../shared/crypto/curves.js';
import type { CipherName } from '../shared/crypto/key-derivation.js';
import { decodeTlv } from '../shared/tlv.js';

export type KeyAgreement = 'dh' | 'ecdh';
export type Mapping = 'generic' | 'integrated' | 'chip-authentication';

/** One way of PACE that a chip offers: PACEInfo, Doc 9303 part 11 section 9.2.1. */
export interface PaceInfo {
  /** Value of the object identifier of the protocol, as MSE:Set AT and the tokens need it. */
  readonly protocol: Uint8Array;
  readonly keyAgreement: KeyAgreement;
  readonly mapping: Mapping;
  readonly cipher: CipherName;
  /** Standardized domain parameters, Doc 9303 part 11 section 9.5.1; `undefined` where the chip names none. */
  readonly parameterId: number | undefined;
}

/** 0.4.0.127.0.7.2.2.4: id-PACE. Two more arcs name key agreement with mapping, and the cipher. */
const paceArc = '04007F0007020204';

const mappings = new Map<number, Pick<PaceInfo, 'keyAgreement' | 'mapping'>>([
  [1, { keyAgreement: 'dh', mapping: 'generic' }],
  [2, { keyAgreement: 'ecdh', mapping: 'generic' }],
  [3, { keyAgreement: 'dh', mapping: 'integrated' }],
  [4, { keyAgreement: 'ecdh', mapping: 'integrated' }],
  [6, { keyAgreement: 'ecdh', mapping: 'chip-authentication' }],
]);

/** In rising strength; the arc of the cipher is the position, from 1. */
const ciphers: readonly CipherName[] = ['3des', 'aes-128', 'aes-192', 'aes-256'];

const derTags = { integer: 0x02, objectIdentifier: 0x06, sequence: 0x30, set: 0x31 } as const;

/** A small non-negative INTEGER; `undefined` for any other. */
function smallInteger(value: Uint8Array): number | undefined {
  const [only] = value;
  return value.length === 1 && only !== undefined && only < 0x80 ? only : undefined;
}

function parsePaceInfo(securityInfo: Uint8Array): PaceInfo | undefined {
  const [protocol, version, parameter] = decodeTlv(securityInfo) ?? [];
  if (protocol?.tag !== derTags.objectIdentifier || version?.tag !== derTags.integer) return undefined;
  if (smallInteger(version.value) !== 2) return undefined;
  const arcs = protocol.value;
  if (arcs.length !== paceArc.length / 2 + 2 || !toHex(arcs).startsWith(paceArc)) return undefined;
  const agreement = mappings.get(arcs.at(-2) ?? 0);
  const cipher = ciphers[(arcs.at(-1) ?? 0) - 1];
  if (agreement === undefined || cipher === undefined) return undefined;
  const parameterId = parameter?.tag === derTags.integer ? smallInteger(parameter.value) : undefined;
  return { protocol: arcs.slice(), ...agreement, cipher, parameterId };
}

/**
 * The ways of PACE in EF.CardAccess (SecurityInfos, Doc 9303 part 11 section 9.2) in the chip's own order; anything
 * else in there is passed over. `undefined` when the file is not SecurityInfos.
 */
export function parseCardAccess(file: Uint8Array): readonly PaceInfo[] | undefined {
  const [set] = decodeTlv(file) ?? [];
  if (set?.tag !== derTags.set) return undefined;
  const infos = decodeTlv(set.value);
  return infos
    ?.filter(({ tag }) => tag === derTags.sequence)
    .flatMap(({ value }) => parsePaceInfo(value) ?? []);
}

/** The way that will be gone: its curve is known, and whether the chip must be told its parameters. */
export interface PaceChoice {
  readonly info: PaceInfo;
  readonly curve: StandardizedCurve;
  /** The chip offers several, so the parameter id goes along (tag 84 of MSE:Set AT). */
  readonly nameParameters: boolean;
}

/**
 * The strongest cipher among the ways that this program knows (ECDH with generic mapping); the chip's own order
 * decides between equals. `undefined` when there is none.
 */
export function choosePace(infos: readonly PaceInfo[]): PaceChoice | undefined {
  let best: PaceChoice | undefined;
  for (const info of infos) {
    if (info.keyAgreement !== 'ecdh' || info.mapping !== 'generic') continue;
    const curve = info.parameterId === undefined ? undefined : curveById(info.parameterId);
    if (curve === undefined) continue;
    if (best === undefined || ciphers.indexOf(info.cipher) > ciphers.indexOf(best.info.cipher)) {
      best = { info, curve, nameParameters: infos.length > 1 };
    }
  }
  return best;
}
