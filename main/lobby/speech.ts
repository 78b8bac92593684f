import { spawn } from 'node:child_process';
import { IntlMessageFormat } from 'intl-messageformat';
import type { BoardState } from '../api/contract.js';
import type { Clock } from '../clock.js';
import { nameIn, type WordsFile } from '../i18n/words.js';
import { keepLatest } from '../keep-latest.js';

export interface SpeechOptions {
  readonly words: Readonly<Record<string, WordsFile>>;
  /** Calls of the last minutes: nothing else is spoken, so that nobody can make it say anything. */
  readonly calls: () => Promise<BoardState['calls']>;
  readonly clock: Clock;
  /** The synthesizer; tests name another one. */
  readonly program?: string;
}

/** A call is heard for as long, ms. */
const spokenWithinMs = 5 * 60_000;
/** The synthesizer takes some tens of ms; whatever takes longer is given up, ms. */
const deadlineMs = 5000;
const soundsKept = 64;
const largestSoundBytes = 2 * 1024 * 1024;
/** Words a minute: slower than it speaks by itself, for a lobby. */
const speed = '140';

/** Speaks calls with espeak-ng (Debian), since a screen in a lobby seldom has voices of its own. */
export class Speech {
  readonly #options: SpeechOptions;
  readonly #sounds = new Map<string, Promise<Buffer | undefined>>();
  /** One after the other: a kiosk has other things to do, and each takes some tens of ms. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: SpeechOptions) {
    this.#options = options;
  }

  /** WAV; `undefined` where that was not called, or cannot be spoken. */
  async spoken(language: string, label: string, counter: string): Promise<Buffer | undefined> {
    const { words, calls } = this.#options;
    const own = Object.hasOwn(words, language) ? words[language] : undefined;
    if (own === undefined) return undefined;
    const call = (await calls()).find(
      (each) => each.label === label && each.counter === counter && each.agoMs <= spokenWithinMs,
    );
    if (call === undefined) return undefined;
    const text = String(
      new IntlMessageFormat(own.speech.call, own.code).format({
        number: spelled(label),
        counter: nameIn(own.code, call.counterNames),
      }),
    );
    return this.#sound(own.voice, text);
  }

  #sound(voice: string, text: string): Promise<Buffer | undefined> {
    const key = `${voice} ${text}`;
    const known = this.#sounds.get(key);
    if (known !== undefined) return known;
    // Without files or memory left, no child can even be made: that call goes unspoken.
    const sound = this.#last.then(() => this.#synthesize(voice, text)).catch(() => undefined);
    this.#last = sound;
    keepLatest(this.#sounds, key, sound, soundsKept);
    // One that failed is tried again at the next call.
    void sound.then((bytes) => bytes ?? this.#sounds.delete(key));
    return sound;
  }

  #synthesize(voice: string, text: string): Promise<Buffer | undefined> {
    const { clock, program = 'espeak-ng' } = this.#options;
    return new Promise((resolve) => {
      const child = spawn(program, ['-v', voice, '-s', speed, '--stdout', '--', text], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const parts: Buffer[] = [];
      let bytes = 0;
      const cancel = clock.after(deadlineMs, () => child.kill('SIGKILL'));
      child.stdout.on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes > largestSoundBytes) child.kill('SIGKILL');
        else parts.push(part);
      });
      child.once('error', () => {
        cancel();
        resolve(undefined);
      });
      child.once('close', (code) => {
        cancel();
        resolve(code === 0 && bytes > 0 ? Buffer.concat(parts) : undefined);
      });
    });
  }
}

/** "A042" as it is said: letters one by one, the number without the zeros before it. */
function spelled(label: string): string {
  const [, prefix = '', number = ''] = /^(\D*)0*(\d+)$/.exec(label) ?? [];
  return [...Array.from(prefix), number].join(' ');
}
