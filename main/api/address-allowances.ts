import { Allowance } from '../allowance.js';
import { keepLatest } from '../keep-latest.js';

/** Of so many addresses it is known how much they have used; the one known longest is forgotten first. */
const addressesKept = 1000;

/** An allowance for each address. */
export class AddressAllowances {
  readonly #make: () => Allowance;
  readonly #allowances = new Map<string, Allowance>();

  /** So many of each at once, and as many again over `refillMs`. `now`: monotonic, ms. */
  constructor(size: number, refillMs: number, now: () => number) {
    this.#make = () => new Allowance(size, refillMs, now);
  }

  /** Whether one more is allowed from there; then it counts. */
  take(address: string): boolean {
    let allowance = this.#allowances.get(address);
    if (allowance === undefined) {
      allowance = this.#make();
      keepLatest(this.#allowances, address, allowance, addressesKept);
    }
    return allowance.take();
  }
}
