/** Historical bytes of an answer to reset, ISO/IEC 7816-3 section 8.2; `undefined` when the ATR is cut off. */
function historicalBytes(atr: Uint8Array): Uint8Array | undefined {
  const format = atr[1];
  if (format === undefined) return undefined;
  let at = 2;
  let indicator: number | undefined = format;
  while (indicator !== undefined) {
    const interfaceBytes = [0x10, 0x20, 0x40, 0x80].filter((bit) => ((indicator ?? 0) & bit) !== 0);
    at += interfaceBytes.length;
    indicator = (indicator & 0x80) === 0 ? undefined : atr[at - 1];
  }
  const end = at + (format & 0x0f);
  return end <= atr.length ? atr.subarray(at, end) : undefined;
}

const categoryIndicators = { compactTlvThenStatus: 0x00, compactTlv: 0x80 } as const;
const capabilitiesTag = 0x7;
const extendedLengthBit = 0x40;

/**
 * Whether a chip says that it takes extended Lc and Le: third byte of the card capabilities among the historical
 * bytes, ISO/IEC 7816-4:2005 section 8.1.1.2.7. `false` as well when it says nothing.
 */
export function takesExtendedLength(atr: Uint8Array): boolean {
  const historical = historicalBytes(atr);
  const category = historical?.[0];
  if (historical === undefined) return false;
  if (category !== categoryIndicators.compactTlv && category !== categoryIndicators.compactTlvThenStatus) {
    return false;
  }
  const objects = historical.subarray(
    1,
    category === categoryIndicators.compactTlvThenStatus ? Math.max(1, historical.length - 3) : undefined,
  );
  let at = 0;
  while (at < objects.length) {
    const header = objects[at] ?? 0;
    const value = objects.subarray(at + 1, at + 1 + (header & 0x0f));
    if (header >> 4 === capabilitiesTag) return ((value[2] ?? 0) & extendedLengthBit) !== 0;
    at += 1 + (header & 0x0f);
  }
  return false;
}
