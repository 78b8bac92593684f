import { contactlessAnswerToReset } from '../shared/answer-to-reset.js';

/** First byte of the card capabilities: selection by name, by file identifier and by short file identifier. */
const selectionMethods = 0x94;
/** Second byte: one-time write, data units of one byte. */
const dataCoding = 0x21;
const commandChaining = 0x80;
const extendedLengthFields = 0x40;

/** Historical bytes with the card capabilities, ISO/IEC 7816-4 section 12.1.1.9. */
export function travelDocumentAnswerToReset({ extendedLength }: { extendedLength: boolean }): Uint8Array {
  const third = commandChaining | (extendedLength ? extendedLengthFields : 0);
  return contactlessAnswerToReset(Uint8Array.of(0x80, 0x73, selectionMethods, dataCoding, third));
}
