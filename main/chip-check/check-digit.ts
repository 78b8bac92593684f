/** Weights from the left, repeated: Doc 9303 part 3 section 4.9. */
const weights = [7, 3, 1] as const;

/** 0 to 9 count as themselves, A to Z as 10 to 35, the filler as 0. */
function value(character: string): number {
  return character === '<' ? 0 : Number.parseInt(character, 36);
}

/**
 * The document number alone, when its check digit was typed along with it: the machine-readable zone shows both in a
 * row, with filler between them after a short number. Only for the nine characters that the zone's field has; longer numbers are told by their length.
 */
export function withoutCheckDigit(documentNumber: string): string {
  if (!/^[A-Z0-9<]{9}\d$/.test(documentNumber)) return documentNumber;
  const number = documentNumber.slice(0, 9);
  const terms = Array.from(number, (character, i) => value(character) * (weights[i % 3] ?? 0));
  const sum = terms.reduce((total, term) => total + term, 0);
  return String(sum % 10) === documentNumber.at(9) ? number.replace(/<+$/, '') : documentNumber;
}
