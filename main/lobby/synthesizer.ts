import { spawn } from 'node:child_process';
import type { Clock } from '../clock.js';

export interface SynthesizerOptions {
  readonly clock: Clock;
  /** The program; tests name another one. */
  readonly program?: string;
}

/** It takes some tens of ms; whatever takes longer is given up, ms. */
const deadlineMs = 5000;
/** A minute and a half of speech. */
const largestSoundBytes = 4 * 1024 * 1024;
/** Words a minute: slower than it speaks by itself, for a lobby. */
const speed = '140';

/** Makes speech of text with espeak-ng (Debian), since a screen in a lobby seldom has voices of its own. */
export class Synthesizer {
  readonly #options: SynthesizerOptions;
  /** One after the other: a kiosk has other things to do, and each takes some tens of ms. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: SynthesizerOptions) {
    this.#options = options;
  }

  /** WAV; `undefined` where this computer cannot speak it. `voice`: espeak-ng's name of it. */
  speak(voice: string, text: string): Promise<Buffer | undefined> {
    // Without files or memory left, no child can even be made: that text goes unspoken.
    const sound = this.#last.then(() => this.#synthesize(voice, text)).catch(() => undefined);
    this.#last = sound;
    return sound;
  }

  #synthesize(voice: string, text: string): Promise<Buffer | undefined> {
    const { clock, program = 'espeak-ng' } = this.#options;
    return new Promise((resolve) => {
      // By standard input: whatever stands in a command line can be read by every program of the computer.
      const child = spawn(program, ['-v', voice, '-s', speed, '--stdout', '--stdin'], {
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      let cancel = (): void => undefined;
      // First of all: where no child could be made it has no streams either, and tells of it only here.
      child.once('error', () => {
        cancel();
        resolve(undefined);
      });
      const parts: Buffer[] = [];
      let bytes = 0;
      // One that ends before it has read everything tells so by its exit.
      child.stdin.on('error', () => undefined);
      child.stdin.end(text);
      cancel = clock.after(deadlineMs, () => child.kill('SIGKILL'));
      child.stdout.on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes > largestSoundBytes) child.kill('SIGKILL');
        else parts.push(part);
      });
      child.once('close', (code) => {
        cancel();
        resolve(code === 0 && bytes > 0 ? Buffer.concat(parts) : undefined);
      });
    });
  }
}
