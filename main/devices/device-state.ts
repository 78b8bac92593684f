import type { HostState } from './driver-host.js';

/** What is known of a family of devices, with the state of the host that serves it: told at each change. */
export class DeviceState<Snapshot extends object> {
  readonly #nothingKnown: Snapshot;
  readonly #hostState: () => HostState;
  readonly #listeners = new Set<(state: Snapshot & { readonly host: HostState }) => void>();
  #snapshot: Snapshot;

  constructor(nothingKnown: Snapshot, hostState: () => HostState) {
    this.#nothingKnown = nothingKnown;
    this.#snapshot = nothingKnown;
    this.#hostState = hostState;
  }

  get current(): Snapshot & { readonly host: HostState } {
    return { ...this.#snapshot, host: this.#hostState() };
  }

  subscribe(listener: (state: Snapshot & { readonly host: HostState }) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  become(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    for (const listener of [...this.#listeners]) listener(this.current);
  }

  /** What a host told is not true of the next one. */
  hostChanged(state: HostState): void {
    this.become(state === 'running' ? this.#snapshot : this.#nothingKnown);
  }

  /** Nobody is told any more. */
  stop(): void {
    this.#listeners.clear();
  }
}
