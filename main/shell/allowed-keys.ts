/** A key as Electron's `before-input-event` tells it. */
export interface KeyInput {
  /** KeyboardEvent.key. */
  readonly key: string;
  readonly control: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
}

const named: ReadonlySet<string> = new Set([
  'Tab',
  'Enter',
  'Escape',
  'Backspace',
  'Delete',
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'Home',
  'End',
  'Shift',
  'CapsLock',
]);

/** Whether a key may reach the page: what types text and moves the focus, and nothing that commands the window. */
export function isAllowedKey({ key, control, alt, meta }: KeyInput): boolean {
  if (control || alt || meta) return false;
  return named.has(key) || key.length === 1;
}
