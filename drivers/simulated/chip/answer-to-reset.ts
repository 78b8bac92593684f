import { concat } from '../../shared/bytes.js';

/** First byte of the card capabilities: selection by name, by file identifier and by short file identifier. */
const selectionMethods = 0x94;
/** Second byte: one-time write, data units of one byte. */
const dataCoding = 0x21;
const commandChaining = 0x80;
const extendedLengthFields = 0x40;

/** The ATR that a reader makes up for a contactless smart card, PC/SC part 3 section 3.1.3.2.3.1. */
function contactlessAnswerToReset(historicalBytes: Uint8Array): Uint8Array {
  const body = concat(Uint8Array.of(0x80 | historicalBytes.length, 0x80, 0x01), historicalBytes);
  const check = body.reduce((sum, byte) => sum ^ byte, 0);
  return concat(Uint8Array.of(0x3b), body, Uint8Array.of(check));
}

/** Historical bytes with the card capabilities, ISO/IEC 7816-4 section 12.1.1.9. */
export function travelDocumentAnswerToReset({ extendedLength }: { extendedLength: boolean }): Uint8Array {
  const third = commandChaining | (extendedLength ? extendedLengthFields : 0);
  return contactlessAnswerToReset(Uint8Array.of(0x80, 0x73, selectionMethods, dataCoding, third));
}

/** A chip of another trade, that says nothing about itself. */
export function otherCardAnswerToReset(): Uint8Array {
  return contactlessAnswerToReset(new Uint8Array());
}
