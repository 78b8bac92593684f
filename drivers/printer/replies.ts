/** What a printer sends back. */
export type Reply =
  /** The answer to one `DLE EOT n`. */
  | { readonly kind: 'status'; readonly byte: number }
  | { readonly kind: 'automatic'; readonly bytes: readonly [number, number, number, number] }
  /** Custom: `10 0F` and four bytes. */
  | { readonly kind: 'full'; readonly bytes: readonly [number, number, number, number] }
  /** `37 22 d1 d2 d3 d4 00`. */
  | { readonly kind: 'process-id'; readonly id: string }
  /** `37 25 00`. */
  | { readonly kind: 'buffer-cleared' }
  /** The answer to `GS r 1`. */
  | { readonly kind: 'paper-sensor' };

const blockHeader = 0x37;

/** Takes the bytes apart, however they come; what is none of these is passed over. */
export class ReplyReader {
  #pending: number[] = [];

  feed(bytes: Uint8Array): Reply[] {
    this.#pending.push(...bytes);
    const replies: Reply[] = [];
    for (;;) {
      const reply = this.#next();
      if (reply === undefined) return replies;
      if (reply !== 'noise') replies.push(reply);
    }
  }

  #next(): Reply | 'noise' | undefined {
    const [first, second, third, fourth, fifth, sixth] = this.#pending;
    if (first === undefined) return undefined;
    if (first === blockHeader) {
      const end = this.#pending.indexOf(0, 1);
      // No block of ours is longer: whatever it is, it is not one.
      if (end < 0) return this.#pending.length > 16 ? this.#drop(1, 'noise') : undefined;
      const block = this.#pending.slice(1, end);
      const [kind, ...content] = block;
      if (kind === 0x22 && content.length === 4) {
        return this.#drop(end + 1, { kind: 'process-id', id: String.fromCharCode(...content) });
      }
      if (kind === 0x25 && content.length === 0) return this.#drop(end + 1, { kind: 'buffer-cleared' });
      return this.#drop(end + 1, 'noise');
    }
    if (first === 0x10 && (second === undefined || second === 0x0f)) {
      if (second === undefined || third === undefined || fourth === undefined) return undefined;
      if (fifth === undefined || sixth === undefined) return undefined;
      return this.#drop(6, { kind: 'full', bytes: [third, fourth, fifth, sixth] });
    }
    if ((first & 0x93) === 0x10) {
      // Bits 4 and 7 of the three bytes that follow are 0; where bytes were lost, an answer may stand there.
      if ((((second ?? 0) | (third ?? 0) | (fourth ?? 0)) & 0x90) !== 0) return this.#drop(1, 'noise');
      if (second === undefined || third === undefined || fourth === undefined) return undefined;
      return this.#drop(4, { kind: 'automatic', bytes: [first, second, third, fourth] });
    }
    if ((first & 0x93) === 0x12) return this.#drop(1, { kind: 'status', byte: first });
    if ((first & 0x90) === 0x00) return this.#drop(1, { kind: 'paper-sensor' });
    return this.#drop(1, 'noise');
  }

  #drop<Value>(count: number, value: Value): Value {
    this.#pending = this.#pending.slice(count);
    return value;
  }
}
