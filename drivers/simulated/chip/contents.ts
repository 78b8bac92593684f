import type { MrzKey } from '../../emrtd/types.js';
import type { CipherName } from '../../shared/crypto/key-derivation.js';

/** One way of PACE with ECDH and generic mapping that a chip offers. */
export interface PaceOffer {
  /** Standardized domain parameters, Doc 9303 part 11 section 9.5.1 (8 to 18). */
  readonly parameterId: number;
  readonly cipher: CipherName;
}

/** What is personalised into a simulated chip. */
export interface ChipContents {
  readonly key: MrzKey;
  readonly can?: string;
  readonly bac: boolean;
  /** Empty: no EF.CardAccess. */
  readonly pace: readonly PaceOffer[];
  /** Whether the chip takes extended-length APDUs; its ATR says so. */
  readonly extendedLength: boolean;
  /** File identifier (0x0101 DG1, 0x0102 DG2, 0x011D EF.SOD, 0x011E EF.COM …) → whole file. EF.CardAccess follows from `pace`. */
  readonly files: ReadonlyMap<number, Uint8Array>;
}
