import { describe, expect, it } from 'vitest';
import { words } from '../../../../main/i18n/languages.js';
import { GuideVoice } from '../../../../main/lobby/guide-voice.js';
import { ManualClock } from '../../manual-clock.js';

function open() {
  const clock = new ManualClock();
  const spoken: [string, string][] = [];
  const voice = new GuideVoice({
    words,
    synthesizer: {
      speak: (name, text) => {
        spoken.push([name, text]);
        return Promise.resolve(Buffer.from('RIFF'));
      },
    },
    clock,
  });
  return { clock, spoken, voice };
}

describe("a guide's voice", () => {
  it('reads a text out in its language', async () => {
    const { voice, spoken } = open();
    expect(String(await voice.say('da', 'Viser den 6 cifre?'))).toBe('RIFF');
    await voice.say('en', 'Does it show 6 digits?');
    expect(spoken).toEqual([
      ['da', 'Viser den 6 cifre?'],
      [words.en.voice, 'Does it show 6 digits?'],
    ]);
  });

  it.each([
    'Your code is 482913',
    '4829',
    '482 913',
    '4 8 2 9 1 3',
    '4, 8, 2, 9',
    '48-29-13',
    '12,34 56',
    '٤٨٢٩١٣',
  ])('never reads out what could be a code: %s', async (text) => {
    const { voice, spoken } = open();
    expect(await voice.say('en', text)).toBeUndefined();
    expect(spoken).toEqual([]);
  });

  it.each([
    'A new one costs 41.76 kroner, a chip 143,60.',
    'Call 33 98 00 10, or +45 33 98 00 10.',
    'In one line: +45\u00a033\u00a098\u00a000\u00a010.',
    'Number A042. Counter 12 has 3 waiting.',
  ])('does read out: %s', async (text) => {
    expect(await open().voice.say('en', text)).toBeDefined();
  });

  it('keeps up with someone who goes from screen to screen without waiting for its end', async () => {
    const { voice, clock, spoken } = open();
    for (let n = 0; n < 300; n++) {
      await voice.say('da', 'Tryk på knappen');
      await clock.pass(500);
    }
    expect(spoken).toHaveLength(300);
  });

  it('is silent where it is asked for too often, and speaks again later', async () => {
    const { voice, clock, spoken } = open();
    for (let n = 0; n < 140; n++) await voice.say('da', 'Tryk på knappen');
    expect(spoken).toHaveLength(120);
    await clock.pass(500);
    expect(await voice.say('da', 'Tryk på knappen')).toBeDefined();
  });
});
