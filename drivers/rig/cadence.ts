/** A display's own time is this exact, seconds: it may count whole ones. */
const exactness = 1.5;
/** So many codes are needed to say whether they come regularly. */
const codesToTell = 3;
/** While the period is not known, the button is pressed so often, seconds. */
const learnEvery = 6;
/** Without a new code for so long, there is none: seconds while the period is not known, then periods. */
const patience = 130;
const patiencePeriods = 3.5;
/** Without a look for so long, a code may have been missed: seconds while the period is not known, then periods. */
const gap = 25;
const gapPeriods = 1.3;
/** The period is told when it is known so well. */
const tellWithin = 0.2;

/** A code came: it was not there yet at `after`, and was there at `by`; seconds. */
interface Change {
  readonly after: number;
  readonly by: number;
}

/** When new codes come. It knows times only, nothing of the codes. */
export class Cadence {
  /** Changes that follow each other without a gap in which one may have been missed. */
  #changes: Change[] = [];
  #codes = 0;
  #lastNew = 0;
  #lastOld = -Infinity;
  #shortest = 0;
  #longest = Infinity;
  #isKnown = false;

  /** Codes that differ from the one before, the first included. */
  get codes(): number {
    return this.#codes;
  }

  /** The code of before was still the valid one at this time. */
  stillOld(at: number): void {
    this.#lastOld = Math.max(this.#lastOld, at);
    if (this.#isKnown) this.#learn({ after: at, by: Infinity });
  }

  /** A code that was not there before: seen at `by`; at `validAt` or later it was the code of that time, if that is known. */
  newCode(by: number, validAt: number | undefined): void {
    if (this.#codes > 0) {
      const change = { after: this.#lastOld, by };
      // Nobody looked for so long that there may have been another one in between.
      const unobserved = by - this.#lastOld;
      if (unobserved > (this.#isKnown ? gapPeriods * this.#longest : gap)) this.#changes = [];
      this.#learn(change);
      this.#changes.push(change);
      this.#isKnown ||= this.#changes.length >= 2;
    }
    this.#codes++;
    this.#lastNew = validAt ?? by;
    this.#lastOld = Math.max(this.#lastOld, validAt ?? -Infinity);
  }

  /** There may have been a code that nobody saw whole: the next one is not counted on from the last. */
  missed(): void {
    this.#changes = [];
  }

  /** From when on the next code may come; `undefined` while that is not known. */
  get due(): number | undefined {
    // Never later than the code after next: the shortest period that fits, from when the last code was there for sure.
    return this.#isKnown ? this.#lastNew + this.#shortest : undefined;
  }

  /** The earliest time at which a press may bring another code. */
  nextAt(now: number): number {
    const { due } = this;
    if (due === undefined) return this.#codes === 0 ? now : Math.max(now, this.#lastOld + learnEvery);
    return now < due ? due : Math.max(now, this.#lastOld + Math.max(1, this.#shortest / 12));
  }

  /** The same code was valid for too long. */
  get ranDry(): boolean {
    if (this.#codes === 0) return false;
    const most = this.#isKnown ? patiencePeriods * this.#longest + exactness : patience;
    return this.#lastOld - this.#lastNew > most;
  }

  verdict(): 'regular' | 'irregular' | 'none' | 'unknown' {
    if (this.ranDry) return this.#codes === 1 ? 'none' : 'irregular';
    if (this.#codes < codesToTell || !this.#isKnown) return 'unknown';
    return this.#shortest <= this.#longest + exactness ? 'regular' : 'irregular';
  }

  /** Seconds between two codes; `null` where that is not known well enough. */
  period(): number | null {
    const middle = (this.#shortest + this.#longest) / 2;
    if (!this.#isKnown || middle === Infinity) return null;
    return this.#longest - this.#shortest <= tellWithin * middle ? Math.min(600, middle) : null;
  }

  /** What the next change says of the period, with each of those before it. */
  #learn(change: Change): void {
    for (const [at, before] of this.#changes.entries()) {
      const periods = this.#changes.length - at;
      this.#shortest = Math.max(this.#shortest, (change.after - before.by) / periods);
      this.#longest = Math.min(this.#longest, (change.by - before.after) / periods);
    }
  }
}
