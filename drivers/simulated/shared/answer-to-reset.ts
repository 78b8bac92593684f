import { concat } from '../../shared/bytes.js';

/** The ATR that a reader makes up for a contactless smart card, PC/SC part 3 section 3.1.3.2.3.1. */
export function contactlessAnswerToReset(historicalBytes: Uint8Array): Uint8Array {
  const body = concat(Uint8Array.of(0x80 | historicalBytes.length, 0x80, 0x01), historicalBytes);
  const check = body.reduce((sum, byte) => sum ^ byte, 0);
  return concat(Uint8Array.of(0x3b), body, Uint8Array.of(check));
}

/** A chip of another trade, that says nothing about itself. */
export function otherCardAnswerToReset(): Uint8Array {
  return contactlessAnswerToReset(new Uint8Array());
}
