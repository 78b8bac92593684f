/** Readings of time are this exact, seconds: a rig's clock may count whole ones. */
const exactness = 1.5;
/** So many codes are needed to say whether they come regularly. */
const codesToTell = 3;
/** While the period is not known, the button is pressed so often, seconds. */
const learnEvery = 6;
/** Without a new code for so long, there is none: seconds while the period is not known, then periods. */
const patience = 130;
const patiencePeriods = 3.5;
/** The period is told when it is known so well. */
const tellWithin = 0.2;

/** A code came: it was not there yet at `after`, and was there at `by`; seconds. */
interface Change {
  readonly after: number;
  readonly by: number;
}

/** When new codes come. It knows times only, nothing of the codes. */
export class Cadence {
  readonly #changes: Change[] = [];
  #first: number | undefined;
  #lastOld = 0;
  #shortest = 0;
  #longest = Infinity;

  /** Codes that differ from the one before, the first included. */
  get codes(): number {
    return this.#first === undefined ? 0 : this.#changes.length + 1;
  }

  /** Whether it can be told when the next code comes. */
  get isKnown(): boolean {
    return this.#changes.length >= 2;
  }

  /** The code of before was still the valid one at this time. */
  stillOld(at: number): void {
    this.#lastOld = Math.max(this.#lastOld, at);
    if (this.isKnown) this.#learn({ after: at, by: Infinity }, this.#changes.length);
  }

  /** A code that was not there before. */
  newCode(by: number): void {
    if (this.#first === undefined) {
      this.#first = by;
    } else {
      const change = { after: this.#lastOld, by };
      this.#learn(change, this.#changes.length);
      this.#changes.push(change);
    }
    this.#lastOld = Math.max(this.#lastOld, by);
  }

  /** The earliest time at which a press may bring another code. */
  nextAt(now: number): number {
    const last = this.#changes.at(-1);
    if (last === undefined || !this.isKnown) return Math.max(now, this.#lastOld + learnEvery);
    // Never later than the code after next: the shortest period that fits, from when the last code was seen first.
    const due = last.by + this.#shortest;
    return now < due ? due : Math.max(now, this.#lastOld + Math.max(1, this.#shortest / 12));
  }

  /** It has been too long without a new code. */
  ranDry(now: number): boolean {
    if (this.#first === undefined) return false;
    const last = this.#changes.at(-1)?.by ?? this.#first;
    const known = this.isKnown && this.#longest < Infinity;
    return now - last > (known ? patiencePeriods * this.#longest + exactness : patience);
  }

  /** `dry`: none came for too long in the end. */
  verdict(dry: boolean): 'regular' | 'irregular' | 'none' | 'unknown' {
    if (dry) return this.codes === 1 ? 'none' : 'irregular';
    if (this.codes < codesToTell) return 'unknown';
    return this.#shortest <= this.#longest + exactness ? 'regular' : 'irregular';
  }

  /** Seconds between two codes; `null` where that is not known well enough. */
  period(): number | null {
    const middle = (this.#shortest + this.#longest) / 2;
    if (!this.isKnown || middle === Infinity) return null;
    return this.#longest - this.#shortest <= tellWithin * middle ? Math.min(600, middle) : null;
  }

  /** What a change that is the `index`-th says of the period, with each of those before it. */
  #learn(change: Change, index: number): void {
    for (const [at, before] of this.#changes.entries()) {
      const periods = index - at;
      this.#shortest = Math.max(this.#shortest, (change.after - before.by) / periods);
      this.#longest = Math.min(this.#longest, (change.by - before.after) / periods);
    }
  }
}
