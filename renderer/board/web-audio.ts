import type { Player } from './announcer.js';

/** The chime: two falling tones, a third apart. Frequency in Hz, times in s from its start. */
const tones = [
  { frequency: 830.6, at: 0, length: 0.7 },
  { frequency: 659.3, at: 0.35, length: 1.1 },
] as const;
const loudness = 0.4;
/** Silence after a sound, s. */
const pause = 0.25;

/** Plays through the browser's Web Audio. */
export class WebAudioPlayer implements Player {
  readonly #context = new AudioContext();
  #sounding = new Set<AudioScheduledSourceNode>();
  #loading: AbortController | undefined;

  get ready(): boolean {
    return this.#context.state === 'running';
  }

  /** Tells at once, and at each change, whether sound is allowed. Returns the function that stops listening. */
  onReady(listener: (ready: boolean) => void): () => void {
    const tell = (): void => listener(this.ready);
    this.#context.addEventListener('statechange', tell);
    tell();
    return () => this.#context.removeEventListener('statechange', tell);
  }

  /** To be called from a touch: a browser allows sound no other way. */
  unlock(): void {
    // Refused until a person touches the page; the state tells.
    this.#context.resume().catch(() => undefined);
  }

  async chime(): Promise<void> {
    const start = this.#context.currentTime;
    const ends = tones.map(({ frequency, at, length }) => {
      const tone = this.#context.createOscillator();
      const volume = this.#context.createGain();
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0, start + at);
      volume.gain.linearRampToValueAtTime(loudness, start + at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, start + at + length);
      tone.connect(volume).connect(this.#context.destination);
      tone.start(start + at);
      tone.stop(start + at + length + pause);
      return this.#end(tone);
    });
    await Promise.all(ends);
  }

  async play(address: string): Promise<void> {
    this.#loading = new AbortController();
    const response = await fetch(address, { signal: this.#loading.signal });
    if (!response.ok) throw new Error(`No recording: ${response.status}`);
    const recording = await this.#context.decodeAudioData(await response.arrayBuffer());
    this.#loading.signal.throwIfAborted();
    const source = this.#context.createBufferSource();
    source.buffer = recording;
    source.connect(this.#context.destination);
    source.start();
    await this.#end(source);
  }

  stop(): void {
    this.#loading?.abort();
    for (const source of this.#sounding) source.stop();
  }

  #end(source: AudioScheduledSourceNode): Promise<void> {
    this.#sounding.add(source);
    return new Promise((ended) => {
      source.addEventListener('ended', () => {
        this.#sounding.delete(source);
        ended();
      });
    });
  }
}
