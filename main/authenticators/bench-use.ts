/** Who has the bench: one test at a time, whichever screen it is for. */
export class BenchUse {
  #owner: object | undefined;

  /** Whether `owner` has it now: not while somebody else does. */
  take(owner: object): boolean {
    if (this.#owner !== undefined && this.#owner !== owner) return false;
    this.#owner = owner;
    return true;
  }

  /** Nothing happens where `owner` does not have it. */
  release(owner: object): void {
    if (this.#owner === owner) this.#owner = undefined;
  }
}
