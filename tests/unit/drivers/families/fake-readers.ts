import type { CardChannel, CardFault } from '../../../../drivers/shared/card-channel.js';
import type { CardReaders, CardSession, ReadersState } from '../../../../drivers/shared/card-readers.js';
import { err, ok, type Result } from '../../../../drivers/shared/result.js';

/** Readers whose state a test sets, and which open the sessions it wants. */
export class FakeReaders implements CardReaders {
  state: ReadersState = { service: 'starting', readers: [] };
  readonly opened: string[] = [];
  closed = 0;
  /** The channel of the next session, or why there is none. */
  next: () => CardChannel | CardFault = () => ({ kind: 'card-removed' });
  readonly #listeners = new Set<(state: ReadersState) => void>();

  subscribe(listener: (state: ReadersState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  become(state: ReadersState): void {
    this.state = state;
    for (const listener of this.#listeners) listener(state);
  }

  connect(readerName: string): Promise<Result<CardSession, CardFault>> {
    this.opened.push(readerName);
    const next = this.next();
    if ('kind' in next) return Promise.resolve(err(next));
    const close = (): Promise<void> => {
      this.closed++;
      return Promise.resolve();
    };
    return Promise.resolve(ok({ channel: next, readerName, close }));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export const absent: ReadersState = { service: 'absent', readers: [] };
export const noReaders: ReadersState = { service: 'running', readers: [] };

/** A running service with these readers, each with what lies on it. */
export function running(readers: Record<string, 'absent' | 'present' | 'silent'>): ReadersState {
  return {
    service: 'running',
    readers: Object.entries(readers).map(([name, card]) => ({ name, card })),
  };
}
