import type { CardFault } from '../shared/card-channel.js';

/** Return codes of the PC/SC interface (pcsclite.h), sorted by what they tell about the card. */
const meanings: readonly (readonly [CardFault['kind'], readonly number[]])[] = [
  // SCARD_W_REMOVED_CARD, SCARD_E_NO_SMARTCARD, and SCARD_W_RESET_CARD: power was lost under way, the session is over.
  ['card-removed', [0x80100069, 0x8010000c, 0x80100068]],
  // SCARD_E_UNKNOWN_READER, SCARD_E_READER_UNAVAILABLE, SCARD_E_NO_READERS_AVAILABLE
  ['reader-removed', [0x80100009, 0x80100017, 0x8010002e]],
  // SCARD_F_COMM_ERROR (the daemon's socket broke), SCARD_E_NO_SERVICE, SCARD_E_SERVICE_STOPPED
  ['service-lost', [0x80100013, 0x8010001d, 0x8010001e]],
];

/**
 * What a failed call means; `card-silent` when the code leaves it open (SCARD_E_NOT_TRANSACTED is what many drivers
 * give when a card is pulled in the middle of a command, and what they give for a card that does not answer).
 */
export function meaningOf(error: unknown): CardFault['kind'] {
  const code = returnCode(error);
  return meanings.find(([, codes]) => code !== undefined && codes.includes(code))?.[0] ?? 'card-silent';
}

/** nfc-pcsc hands the native error on as `previous`; its message ends with the code in brackets. */
function returnCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const previous = 'previous' in error ? error.previous : undefined;
  const digits = /\(0x([0-9a-f]{8})\)$/i.exec(error.message)?.[1];
  return digits === undefined ? returnCode(previous) : Number.parseInt(digits, 16);
}
