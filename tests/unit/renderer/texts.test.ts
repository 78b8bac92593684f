import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { guidedDevice, language, questionsFor } from '../../../main/api/contract.js';
import { textsOf } from '../../../renderer/i18n/desk/desk-languages.js';
import { dateText, formatMessage, monthName } from '../../../renderer/i18n/format.js';
import { languageAfter, languageOf, languageOfBrowser, languages } from '../../../renderer/i18n/languages.js';
import { pictureOf } from '../../../renderer/visitor/devices/question-pictures.js';
import { howText } from '../../../renderer/visitor/devices/question-texts.js';

type Entry = readonly [path: string, text: string];

function entries(messages: object, under = ''): Entry[] {
  return Object.entries(messages).flatMap(([name, value]: [string, unknown]): Entry[] => {
    const path = under === '' ? name : `${under}.${name}`;
    if (typeof value === 'string') return [[path, value]];
    return typeof value === 'object' && value !== null ? entries(value, path) : [];
  });
}

/** Names of a message's parameters with the cases that it tells apart, for instance `document(other,passport)`. */
function parametersOf(text: string, code: string): string[] {
  const parameters = new IntlMessageFormat(text, code, undefined, { ignoreTag: true })
    .getAst()
    .flatMap((element): string[] => {
      if (!('value' in element)) return [];
      if ('options' in element) return [`${element.value}(${Object.keys(element.options).sort().join()})`];
      return text.includes(`{${element.value}}`) ? [element.value] : [];
    });
  return [...new Set(parameters)].sort();
}

describe('the texts', () => {
  it('are there for each language that a setting can name', () => {
    expect(languages.map(({ code }) => code).sort()).toEqual([...language.options].sort());
  });

  it.each(languages.map((each) => [each.code, each] as const))('are complete in %s', (code, { messages }) => {
    for (const [path, text] of entries(messages)) {
      expect(() => parametersOf(text, code), path).not.toThrow();
      expect(text.trim(), path).toBe(text);
      if (path !== 'verdict.allGood.why') expect(text, path).not.toBe('');
    }
  });

  it('take the same parameters and tell the same cases apart in every language', () => {
    const danish = new Map(entries(languageOf('da').messages));
    for (const { code, messages } of languages) {
      for (const [path, text] of entries(messages)) {
        expect(parametersOf(text, code), `${code} ${path}`).toEqual(parametersOf(danish.get(path)!, 'da'));
      }
    }
  });

  it('of the desk and the board are complete, and take the same parameters, in both languages', () => {
    const danish = new Map(entries(textsOf('da')));
    const english = entries(textsOf('en'));
    expect(english.map(([path]) => path).sort()).toEqual([...danish.keys()].sort());
    for (const [path, text] of english) {
      expect(parametersOf(text, 'en'), path).toEqual(parametersOf(danish.get(path)!, 'da'));
      expect(text.trim(), path).toBe(text);
      expect(text === '', path).toBe(danish.get(path) === '');
    }
  });

  it('never promise, in any language, what only MitID can: the promise line stands with every readable chip', () => {
    expect(languageOf('da').messages.advice['no-promise']).toContain('ikke et løfte');
    expect(languageOf('en').messages.advice['no-promise']).toContain('no promise');
  });

  it('tell, for each question about a device, what to do with it, and name no other device in its drawing', () => {
    for (const { code, messages } of languages) {
      for (const device of guidedDevice.options) {
        const others = guidedDevice.options.filter((each) => each !== device);
        for (const question of questionsFor(device)) {
          const at = `${code} ${question} ${device}`;
          expect(howText(messages, question, device), at).toMatch(/\w.*[.?]$/);
          const picture = pictureOf(question, device);
          const label = messages.device.pictures[picture].toLowerCase();
          expect(label, at).not.toBe('');
          for (const other of others) expect(label, at).not.toContain(messages.device.names[other].noun);
          // One whole digit and one broken one look alike on any device.
          if (picture !== 'digits') expect(label, at).toContain(messages.device.names[device].noun);
        }
      }
    }
  });

  it('ask for a new code of an audio code reader by its red button and by ear, and for the code to be kept', () => {
    expect(howText(languageOf('da').messages, 'new-code', 'audio-code-reader')).toMatch(
      /rød.*Lyt.*ikke højt.*vis dem ikke/,
    );
    expect(howText(languageOf('en').messages, 'new-code', 'audio-code-reader')).toMatch(
      /red.*Listen.*not say.*show them to nobody/,
    );
  });

  it('name the document that is checked', () => {
    const title = languageOf('da').messages.documentNumber.title;
    expect(formatMessage('da', title, { document: 'passport' })).toBe('Hvad er pasnummeret?');
    expect(formatMessage('da', title, { document: 'identity-card' })).toBe('Hvad er kortets nummer?');
  });

  it('count in the language', () => {
    const left = languageOf('en').messages.idle.countdown;
    expect(formatMessage('en', left, { seconds: 1 })).toBe('In 1 second');
    expect(formatMessage('en', left, { seconds: 20 })).toBe('In 20 seconds');
  });

  it('name the months', () => {
    expect(monthName('da', 5)).toBe('Maj');
    expect(monthName('en', 12)).toBe('December');
  });

  it('write dates as the language does, and leave out what the document does not state', () => {
    const date = { year: '1984', month: 3, day: 17 };
    expect(dateText('da-DK', date)).toBe('17. marts 1984');
    expect(dateText('en-GB', date)).toBe('17 March 1984');
    expect(dateText('en-GB', { ...date, day: 0 })).toBe('March 1984');
    expect(dateText('en-GB', { ...date, month: 0, day: 0 })).toBe('1984');
  });

  it('come round to the first language after the last', () => {
    expect(languageAfter('da').code).toBe('en');
    expect(languageAfter('en').code).toBe('da');
  });

  it('begin in the language that a browser wants most, of those there are', () => {
    expect(languageOfBrowser(['de-DE', 'en-GB', 'da']).code).toBe('en');
    expect(languageOfBrowser(['de-DE']).code).toBe('da');
  });

  it('keep a range of waiting in one line', () => {
    for (const { messages } of languages) expect(messages.queue.wait).toContain('–\u2060{to}\u00a0');
  });
});
