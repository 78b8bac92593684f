import type { Loudspeaker } from './voice.svelte.js';

/** Plays through the browser's Web Audio, which starts with the first sound: by then, the person has touched the page. */
export class WebAudioLoudspeaker implements Loudspeaker {
  #context: AudioContext | undefined;
  #source: AudioBufferSourceNode | undefined;
  #turn = 0;

  async play(wav: ArrayBuffer): Promise<void> {
    const turn = (this.#turn += 1);
    const context = (this.#context ??= new AudioContext());
    await context.resume();
    const sound = await context.decodeAudioData(wav);
    if (turn !== this.#turn) return;
    const source = context.createBufferSource();
    this.#source = source;
    source.buffer = sound;
    source.connect(context.destination);
    source.start();
    await new Promise<void>((ended) => {
      source.addEventListener('ended', () => ended(), { once: true });
    });
  }

  stop(): void {
    this.#turn += 1;
    this.#source?.stop();
    this.#source = undefined;
  }
}
