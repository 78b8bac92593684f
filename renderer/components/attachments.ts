import type { Attachment } from 'svelte/attachments';

/** Moves the focus to an element when it appears, so that keyboard and speech go on where the screen went on. */
export function focusOnMount(element: HTMLElement): void {
  element.focus({ preventScroll: true });
}

type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

function isDirection(key: string): key is Direction {
  return key === 'ArrowLeft' || key === 'ArrowRight' || key === 'ArrowUp' || key === 'ArrowDown';
}

function isAhead(direction: Direction, dx: number, dy: number): boolean {
  switch (direction) {
    case 'ArrowLeft':
      return dx < -1;
    case 'ArrowRight':
      return dx > 1;
    case 'ArrowUp':
      return dy < -1;
    case 'ArrowDown':
      return dy > 1;
  }
}

function distance(direction: Direction, dx: number, dy: number): number {
  const across = 3;
  return direction === 'ArrowLeft' || direction === 'ArrowRight'
    ? Math.abs(dx) + across * Math.abs(dy)
    : Math.abs(dy) + across * Math.abs(dx);
}

/** Lets the arrow keys move the focus among the buttons of a grid, to the nearest one that way. */
export function arrowKeys(grid: HTMLElement): () => void {
  const onKeydown = (event: KeyboardEvent): void => {
    const from = document.activeElement;
    if (!isDirection(event.key) || !(from instanceof HTMLButtonElement) || !grid.contains(from)) return;
    const direction = event.key;
    const middle = (button: Element): { x: number; y: number } => {
      const box = button.getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    };
    const start = middle(from);
    let best: { readonly button: HTMLButtonElement; readonly far: number } | undefined;
    for (const button of grid.querySelectorAll('button')) {
      const there = middle(button);
      const dx = there.x - start.x;
      const dy = there.y - start.y;
      if (!isAhead(direction, dx, dy)) continue;
      const far = distance(direction, dx, dy);
      if (best === undefined || far < best.far) best = { button, far };
    }
    best?.button.focus();
    event.preventDefault();
  };
  grid.addEventListener('keydown', onKeydown);
  return () => grid.removeEventListener('keydown', onKeydown);
}

/** So little below the edge is no more to see, px. */
const slack = 8;

/** Tells whether something lies below what a box that scrolls shows: at once, and at each change. */
export function whetherMore(tell: (lies: boolean) => void): Attachment<HTMLElement> {
  return (box) => {
    const look = (): void => tell(box.scrollHeight - box.clientHeight - box.scrollTop > slack);
    const sizes = new ResizeObserver(look);
    const observe = (): void => {
      for (const each of [box, ...box.children]) sizes.observe(each);
      look();
    };
    const changes = new MutationObserver(observe);
    changes.observe(box, { childList: true, characterData: true, subtree: true });
    box.addEventListener('scroll', look, { passive: true });
    observe();
    return () => {
      sizes.disconnect();
      changes.disconnect();
      box.removeEventListener('scroll', look);
    };
  };
}
