/** What a browser's shortcuts are made of: with these, or as these keys, nothing is typed. */
const commandKey = /^(F\d{1,2}|Browser\w+|Launch\w+)$/;

/** Whether a key could command the browser instead of the page. AltGr types a character, though it counts as Ctrl+Alt. */
function commandsBrowser(event: KeyboardEvent): boolean {
  if (event.getModifierState('AltGraph') && event.key.length === 1) return false;
  if (event.ctrlKey || event.altKey || event.metaKey) return true;
  // Shift+Escape opens the task manager.
  return commandKey.test(event.key) || (event.shiftKey && event.key === 'Escape');
}

/** Keeps a keyboard and the second mouse button inside the page, for a shell that cannot do so by itself. */
export function keepInPage(window: Window): void {
  window.addEventListener(
    'keydown',
    (event) => {
      if (commandsBrowser(event)) event.preventDefault();
    },
    { capture: true },
  );
  window.addEventListener('contextmenu', (event) => event.preventDefault(), { capture: true });
}
