/**
 * Keeps a visitor from answering what is not seen yet. The second click of a double one counts for whatever the first
 * was meant for, and for nothing that has taken its place since; nor does a key that is held down go on to the next
 * screen. A click by keyboard or by a screen reader is no double one: its `detail` is 0.
 */
export function ignoreStrayInput(page: Window): void {
  let clicked: EventTarget | null = null;
  const onClick = (event: MouseEvent): void => {
    if (event.detail === 0) return;
    const { target } = event;
    const control = target instanceof Element ? (target.closest('button, label') ?? target) : target;
    if (event.detail > 1 && control !== clicked) stop(event);
    else clicked = control;
  };
  const onKeydown = (event: KeyboardEvent): void => {
    if (event.repeat && (event.key === 'Enter' || event.key === 'Escape')) stop(event);
  };
  page.addEventListener('click', onClick, { capture: true });
  page.addEventListener('keydown', onKeydown, { capture: true });
}

function stop(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
