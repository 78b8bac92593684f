interface Rung {
  /** Bytes of a file's first block, whose length is not known yet. */
  readonly first: number;
  /** Bytes of each further block. */
  readonly next: number;
}

/**
 * From the fewest commands to the most cautious ones. 160: some chips answer nothing longer. 8: some refuse to read
 * beyond the end of a file, so that its length must be known first.
 */
const extended: Rung = { first: 65536, next: 65536 };
const shortRungs: readonly Rung[] = [
  { first: 256, next: 256 },
  { first: 160, next: 160 },
  { first: 8, next: 160 },
];

/** Statuses that some chips give when they are asked for more than they can send in one response. */
function asksForLess(status: number): boolean {
  switch (status) {
    case 0x6282:
    case 0x6700:
    case 0x6b00:
    case 0x6f00:
      return true;
    default:
      return (status & 0xff00) === 0x6c00;
  }
}

/** How much a chip sends at a time. What it has refused once is not tried again while the card stays. */
export class ReadLimits {
  #rungs: readonly Rung[];

  constructor(extendedLength: boolean) {
    this.#rungs = extendedLength ? [extended, ...shortRungs] : shortRungs;
  }

  /** Whether whole files are asked for in one command. */
  get extendedLength(): boolean {
    return this.#rungs[0] === extended;
  }

  /** Bytes to ask for in a block, given what a response to a short-length command carries. */
  blockLength(shortCapacity: number, first: boolean): number {
    const rung = this.#rungs[0] ?? extended;
    const length = first ? rung.first : rung.next;
    return rung === extended ? length : Math.min(length, shortCapacity);
  }

  /** Takes a refusal in; `false` when there is nothing smaller left to try, or the status is about something else. */
  narrow(status: number): boolean {
    if (!asksForLess(status) || this.#rungs.length === 1) return false;
    this.#rungs = this.#rungs.slice(1);
    return true;
  }
}
