const key = 'forhal.desk-shortcuts';
const off = 'off';

/** Whether single letters act at this desk. WCAG 2.1.4: they can be switched off, and this browser remembers it. */
export class Shortcuts {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'> | undefined;
  #on = $state(true);

  /** `storage`: undefined where the browser keeps none. */
  constructor(storage: Pick<Storage, 'getItem' | 'setItem'> | undefined) {
    this.#storage = storage;
    this.#on = storage?.getItem(key) !== off;
  }

  get on(): boolean {
    return this.#on;
  }

  set on(on: boolean) {
    this.#on = on;
    this.#storage?.setItem(key, on ? 'on' : off);
  }
}

/** What this browser remembers; a browser can be set to keep nothing, and then says so by throwing. */
export function browserStorage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}
