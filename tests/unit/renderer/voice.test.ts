import { beforeEach, describe, expect, it, vi } from 'vitest';
import { piecesOf, Voice, type Loudspeaker } from '../../../renderer/stores/voice.svelte.js';
import { FakeApi } from './fake-api.js';

/** A sound ends when the test says so, or when it is stopped. */
class Speaker implements Loudspeaker {
  readonly heard: string[] = [];
  sounding = 0;
  end: () => void = () => undefined;
  fail: () => void = () => undefined;

  play(wav: ArrayBuffer): Promise<void> {
    this.heard.push(new TextDecoder().decode(wav));
    this.sounding += 1;
    return new Promise((end, fail) => {
      this.end = () => {
        this.sounding -= 1;
        this.end = () => undefined;
        end();
      };
      this.fail = () => fail(new Error('no sound'));
    });
  }

  stop(): void {
    this.end();
  }
}

const spoken = { ok: true, value: { wav: btoa('RIFF') } };

let api: FakeApi;
let speaker: Speaker;
let voice: Voice;

beforeEach(() => {
  api = new FakeApi();
  speaker = new Speaker();
  voice = new Voice(api, speaker);
  api.answers('voice.say', spoken);
});

describe('reading aloud', () => {
  it('says the text in its language and tells when it is done', async () => {
    void voice.say('da', 'Tænder displayet?');
    expect(voice.speaking).toBe(true);
    await api.settle();
    expect(api.calls).toEqual([{ name: 'voice.say', input: { language: 'da', text: 'Tænder displayet?' } }]);
    expect(speaker.heard).toEqual(['RIFF']);
    speaker.end();
    await api.settle();
    expect(voice.speaking).toBe(false);
    expect(voice.mute).toBe(false);
  });

  it('once more ends what was being said: two are never heard at once', async () => {
    void voice.say('da', 'Først');
    await api.settle();
    void voice.say('da', 'Så');
    await api.settle();
    expect(speaker.heard).toHaveLength(2);
    expect(speaker.sounding).toBe(1);
    expect(voice.speaking).toBe(true);
  });

  it('that was stopped before its sound came stays silent', async () => {
    void voice.say('en', 'Late');
    voice.stop();
    await api.settle();
    expect(speaker.heard).toEqual([]);
    expect(voice.speaking).toBe(false);
    expect(voice.mute).toBe(false);
  });

  it.each([
    ['the computer has no voice', { ok: true, value: {} }],
    ['main cannot be reached', { ok: false, error: { kind: 'unreachable' } }],
  ])('says so where %s', async (_why, answer) => {
    api.answers('voice.say', answer);
    await voice.say('da', 'Hej');
    expect(voice.mute).toBe(true);
    expect(voice.speaking).toBe(false);
    api.answers('voice.say', spoken);
    void voice.say('da', 'Hej');
    expect(voice.mute).toBe(false);
  });

  it('says so where the sound cannot be played, or hangs', async () => {
    void voice.say('da', 'Hej');
    await api.settle();
    speaker.fail();
    await api.settle();
    expect(voice.mute).toBe(true);

    vi.useFakeTimers();
    void voice.say('da', 'Hej');
    await vi.advanceTimersByTimeAsync(89_000);
    expect(voice.speaking).toBe(true);
    await vi.advanceTimersByTimeAsync(2_000);
    vi.useRealTimers();
    expect(voice.mute).toBe(true);
    expect(voice.speaking).toBe(false);
  });

  it('says a long text piece by piece', async () => {
    const sentence = `${'Ord '.repeat(100).trim()}. `;
    void voice.say('da', sentence.repeat(2));
    await api.settle();
    expect(api.calls).toHaveLength(1);
    speaker.end();
    await api.settle();
    expect(api.calls).toHaveLength(2);
  });
});

describe('the pieces of a text', () => {
  it('end with sentences, else with words, and leave nothing out', () => {
    expect(piecesOf('Et. To? Tre! Fire.', 10)).toEqual(['Et. To?', 'Tre! Fire.']);
    expect(piecesOf('alfa beta gamma', 10)).toEqual(['alfa beta', 'gamma']);
    expect(piecesOf('abcdefghijkl', 10)).toEqual(['abcdefghij', 'kl']);
    expect(piecesOf('  kort \n tekst ', 20)).toEqual(['kort tekst']);
    expect(piecesOf('')).toEqual([]);
  });
});
