import type { ByteLine } from '../../../../drivers/shared/byte-line.js';

type Answer = string | readonly (string | Uint8Array)[] | undefined;

/** A line to an instrument that answers by a script: each message as often as it is asked, the last answer stays. */
export class ScriptedLine implements ByteLine {
  readonly sent: string[] = [];
  readonly #script: Readonly<Record<string, readonly Answer[]>>;
  readonly #asked = new Map<string, number>();
  readonly #onData: ((bytes: Uint8Array) => void)[] = [];
  readonly #onClose: (() => void)[] = [];
  #text = '';
  closed = false;

  constructor(script: Readonly<Record<string, readonly Answer[]>>) {
    this.#script = script;
  }

  write(bytes: Uint8Array): Promise<boolean> {
    if (this.closed) return Promise.resolve(false);
    this.#text += new TextDecoder().decode(bytes);
    for (let end = this.#text.indexOf('\n'); end >= 0; end = this.#text.indexOf('\n')) {
      const message = this.#text.slice(0, end);
      this.#text = this.#text.slice(end + 1);
      this.sent.push(message);
      this.#reply(message);
    }
    return Promise.resolve(true);
  }

  onData(callback: (bytes: Uint8Array) => void): void {
    this.#onData.push(callback);
  }

  onClose(callback: () => void): void {
    if (this.closed) callback();
    else this.#onClose.push(callback);
  }

  close(): Promise<void> {
    if (!this.closed) {
      this.closed = true;
      for (const callback of this.#onClose) callback();
    }
    return Promise.resolve();
  }

  say(piece: string | Uint8Array): void {
    const bytes = typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
    for (const callback of this.#onData) callback(bytes);
  }

  #reply(message: string): void {
    const answers = this.#script[message];
    if (answers === undefined) return;
    const times = this.#asked.get(message) ?? 0;
    this.#asked.set(message, times + 1);
    const answer = answers[Math.min(times, answers.length - 1)];
    if (answer === undefined) return;
    queueMicrotask(() => {
      for (const piece of typeof answer === 'string' ? [answer] : answer) this.say(piece);
    });
  }
}
