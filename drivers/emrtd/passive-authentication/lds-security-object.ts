import { AsnConvert, AsnProp, AsnPropTypes, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import type { HashName } from '../../shared/crypto/symmetric.js';
import { hashOf } from './algorithms.js';

/** The signed list of hashes, Doc 9303 part 10 section 4.6.2.3. */
export interface LdsSecurityObject {
  readonly version: '0' | '1';
  readonly digest: HashName;
  /** Number of the data group (1 to 16) → its hash. */
  readonly hashes: ReadonlyMap<number, Uint8Array>;
}

class DataGroupHash {
  dataGroupNumber = 0;
  dataGroupHashValue = new OctetString();
}
AsnProp({ type: AsnPropTypes.Integer })(DataGroupHash.prototype, 'dataGroupNumber');
AsnProp({ type: OctetString })(DataGroupHash.prototype, 'dataGroupHashValue');

class LdsVersionInfo {
  ldsVersion = '';
  unicodeVersion = '';
}
AsnProp({ type: AsnPropTypes.PrintableString })(LdsVersionInfo.prototype, 'ldsVersion');
AsnProp({ type: AsnPropTypes.PrintableString })(LdsVersionInfo.prototype, 'unicodeVersion');

class LdsSecurityObjectSchema {
  version = 0;
  hashAlgorithm = new AlgorithmIdentifier();
  dataGroupHashValues: DataGroupHash[] = [];
  ldsVersionInfo?: LdsVersionInfo;
}
AsnProp({ type: AsnPropTypes.Integer })(LdsSecurityObjectSchema.prototype, 'version');
AsnProp({ type: AlgorithmIdentifier })(LdsSecurityObjectSchema.prototype, 'hashAlgorithm');
AsnProp({ type: DataGroupHash, repeated: 'sequence' })(
  LdsSecurityObjectSchema.prototype,
  'dataGroupHashValues',
);
AsnProp({ type: LdsVersionInfo, optional: true })(LdsSecurityObjectSchema.prototype, 'ldsVersionInfo');

const versions: Readonly<Record<number, '0' | '1'>> = { 0: '0', 1: '1' };

/** `undefined`: a version or a hash that this program does not know, or data groups that cannot be. Throws on malformed bytes. */
export function decodeLdsSecurityObject(bytes: Uint8Array): LdsSecurityObject | undefined {
  const decoded = AsnConvert.parse(bytes, LdsSecurityObjectSchema);
  const version = versions[decoded.version];
  const digest = hashOf(decoded.hashAlgorithm.algorithm);
  const hashes = new Map(
    decoded.dataGroupHashValues.map(({ dataGroupNumber, dataGroupHashValue }) => [
      dataGroupNumber,
      new Uint8Array(dataGroupHashValue.buffer),
    ]),
  );
  const twice = hashes.size !== decoded.dataGroupHashValues.length;
  const outside = [...hashes.keys()].some((number) => !Number.isInteger(number) || number < 1 || number > 16);
  if (version === undefined || digest === undefined || twice || outside) return undefined;
  return { version, digest, hashes };
}
