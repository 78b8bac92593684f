import type { CipherName } from '../../shared/crypto/key-derivation.js';
import { concat, fromHex, toHex } from '../../shared/bytes.js';
import { encodeTlv } from '../../shared/tlv.js';
import type { PaceOffer } from './contents.js';

const cipherNumbers: Readonly<Record<CipherName, number>> = {
  '3des': 1,
  'aes-128': 2,
  'aes-192': 3,
  'aes-256': 4,
};

/** Content octets of id-PACE-ECDH-GM-…, Doc 9303 part 11 section 9.2.1. */
export function paceProtocol(cipher: CipherName): Uint8Array {
  return concat(fromHex('04007F0007020204 02'), Uint8Array.of(cipherNumbers[cipher]));
}

/** EF.CardAccess: SecurityInfos with one PACEInfo of version 2 for each offer, Doc 9303 part 11 section 9.2. */
export function encodeCardAccess(offers: readonly PaceOffer[]): Uint8Array {
  const infos = offers.map(({ cipher, parameterId }) =>
    encodeTlv(
      0x30,
      encodeTlv(0x06, paceProtocol(cipher)),
      encodeTlv(0x02, Uint8Array.of(2)),
      encodeTlv(0x02, Uint8Array.of(parameterId)),
    ),
  );
  // The elements of a SET OF in DER go by their encoding, X.690 section 11.6.
  return encodeTlv(0x31, ...infos.sort((a, b) => (toHex(a) < toHex(b) ? -1 : 1)));
}
