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

  /** The letter of a shortcut, small; undefined while they are off, or where the key means something else. */
  letterOf(event: KeyboardEvent): string | undefined {
    if (!this.#on || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return undefined;
    if (event.target instanceof HTMLInputElement && event.target.type !== 'checkbox') return undefined;
    if (event.target instanceof HTMLSelectElement) return undefined;
    return event.key.toLowerCase();
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
