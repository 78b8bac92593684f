import { describe, expect, it } from 'vitest';
import { parseInteger, parseNumber, ScpiInstrument } from '../../../../drivers/rig/scpi-instrument.js';
import { IdleClock } from './idle-clock.js';
import { ScriptedLine } from './scripted-line.js';

function instrument(script: ConstructorParameters<typeof ScriptedLine>[0]): {
  line: ScriptedLine;
  scpi: ScpiInstrument;
  clock: IdleClock;
} {
  const clock = new IdleClock();
  const line = new ScriptedLine(script);
  return { line, scpi: new ScpiInstrument(line, clock), clock };
}

const named = { '*IDN?': ['Maker,Rig,1,1\n'] };

describe('one query', () => {
  it('is one line that ends with LF, and so is its answer', async () => {
    const { scpi, clock, line } = instrument({ 'A?': ['7\n'] });
    expect(await clock.until(scpi.query('A?', parseInteger))).toEqual({ ok: true, value: 7 });
    expect(line.sent).toEqual(['A?']);
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['noise that is no text before the answer', [Uint8Array.of(0xff, 0x00, 0x81), '7\r\n']],
    ['a whole line of noise before it', ['?~\n', '7\n']],
    ['an answer in pieces', ['', '+', '7', '\n']],
    ['an empty line before it', ['\n\n7\n']],
    ['a line without an end before it', ['x'.repeat(5000), '\n', '7\n']],
  ])('survives %s', async (_, pieces) => {
    const { scpi, clock, line } = instrument({ 'A?': [pieces] });
    expect(await clock.until(scpi.query('A?', parseInteger))).toEqual({ ok: true, value: 7 });
    expect(line.sent).toEqual(['A?']);
  });

  it('is asked once more after the line was drained and the status cleared', async () => {
    const { scpi, clock, line } = instrument({ 'A?': [['7', '8,'], '7\n'], '*ESR?': ['0\n'], ...named });
    expect(await clock.until(scpi.query('A?', parseInteger))).toEqual({ ok: true, value: 7 });
    expect(line.sent).toEqual(['A?', '*IDN?', '*ESR?', '*CLS', 'A?']);
    expect(scpi.restarts).toBe(0);
  });

  it('is silent after that, and no sooner', async () => {
    const { scpi, clock, line } = instrument({});
    expect(await clock.until(scpi.query('A?', parseInteger))).toEqual({
      ok: false,
      error: { kind: 'silent' },
    });
    expect(line.sent).toEqual(['A?', '*IDN?', '*IDN?']);
    expect(clock.now()).toBeLessThan(5000);
    expect(clock.pending).toBe(0);
  });

  it('is garbled when what comes is no answer', async () => {
    const { scpi, clock } = instrument({ 'A?': ['bananas\n'] });
    expect(await clock.until(scpi.query('A?', parseInteger))).toEqual({
      ok: false,
      error: { kind: 'garbled' },
    });
  });

  it('tells that the instrument started anew: bit 7 of its event status', async () => {
    const { scpi, clock } = instrument({ 'A?': ['half a li', '7\n'], '*ESR?': ['128\n'], ...named });
    expect(await clock.until(scpi.query('A?', parseInteger))).toEqual({ ok: true, value: 7 });
    expect(scpi.restarts).toBe(1);
  });

  it.each(['query', 'command'] as const)(
    'over a line that refuses what is written just before it says that it is gone, a %s finds it closed',
    async (way) => {
      const line = new ScriptedLine({});
      const clock = new IdleClock();
      line.write = () => {
        clock.after(300, () => void line.close());
        return Promise.resolve(false);
      };
      const scpi = new ScpiInstrument(line, clock);
      const end = way === 'query' ? scpi.query('A?', parseInteger) : scpi.command('A');
      expect(await clock.until<unknown>(end)).toEqual({ ok: false, error: { kind: 'closed' } });
    },
  );

  it('ends at once when the line is lost, also in the middle of an answer', async () => {
    const { scpi, clock, line } = instrument({ 'A?': ['4'] });
    const asked = scpi.query('A?', parseInteger);
    await line.close();
    expect(await clock.until(asked)).toEqual({ ok: false, error: { kind: 'closed' } });
    expect(await clock.until(scpi.query('A?', parseInteger))).toEqual({
      ok: false,
      error: { kind: 'closed' },
    });
    expect(clock.now()).toBe(0);
  });

  it('does not take a late answer to an earlier one for its own', async () => {
    const { scpi, clock, line } = instrument({ 'B?': ['2\n'] });
    line.say('1\n');
    expect(await clock.until(scpi.query('B?', parseInteger))).toEqual({ ok: true, value: 2 });
  });
});

describe('an identity', () => {
  it('has four fields', async () => {
    const { scpi, clock } = instrument({ '*IDN?': ['Maker, Rig 2 ,0,1.4\n'] });
    expect(await clock.until(scpi.identify())).toEqual({
      ok: true,
      value: { manufacturer: 'Maker', model: 'Rig 2', serialNumber: '0', firmware: '1.4' },
    });
  });

  it.each(['1,2,3,4', '+812,+30,25,80', '1E0,2E0,3E0,4E0', 'OK', 'a,b,c', 'a,b,c,d,e', ',b,c,d'])(
    'is none: %s',
    async (answer) => {
      const { scpi, clock } = instrument({ '*IDN?': [`${answer}\n`] });
      expect(await clock.until(scpi.identify())).toEqual({ ok: false, error: { kind: 'garbled' } });
    },
  );
});

describe('the error queue', () => {
  it('is drained until it is empty', async () => {
    const { scpi, clock } = instrument({
      'SYST:ERR?': ['-113,"Undefined header"\n', '-222,"Data ""too"" big"\n', '+0,"No error"\n'],
    });
    expect(await clock.until(scpi.errors())).toEqual({
      ok: true,
      value: [
        { code: -113, text: 'Undefined header' },
        { code: -222, text: 'Data "too" big' },
      ],
    });
  });

  it.each([
    ['Undefined header', 'Undefined header'],
    ['Data out of range;80,720,75,690,80,81,702', 'Data out of range'],
    ['Code 123456 seen', 'Code  seen'],
    ['Levels 80,720,75', 'Levels'],
    ['Shows 1 2 3 4 5 6', 'Shows'],
    ['Sensor 3 of digit 12', 'Sensor 3 of digit 12'],
  ])('tells nothing of a code: %s', async (text, kept) => {
    const { scpi, clock } = instrument({ 'SYST:ERR?': [`-222,"${text}"\n`, '0,"No error"\n'] });
    expect(await clock.until(scpi.errors())).toEqual({ ok: true, value: [{ code: -222, text: kept }] });
  });

  it('has an end even where it has none', async () => {
    const { scpi, clock, line } = instrument({ 'SYST:ERR?': ['-350,"Queue overflow"\n'] });
    const errors = await clock.until(scpi.errors());
    expect(errors.ok && errors.value).toHaveLength(32);
    expect(line.sent).toHaveLength(32);
  });
});

describe('numbers', () => {
  it('are NR1, NR2 or NR3', () => {
    expect(['7', '-7', '+07'].map(parseInteger)).toEqual([7, -7, 7]);
    expect(['', '7.0', '7a', '0x7', '12345678901'].map(parseInteger)).toEqual(new Array(5).fill(undefined));
    expect(['3.02', '.5', '-1', '9.91E37', '3e-1'].map(parseNumber)).toEqual([3.02, 0.5, -1, 9.91e37, 0.3]);
    expect(['', '.', 'NaN', '1,2', '1e'].map(parseNumber)).toEqual(new Array(5).fill(undefined));
  });
});
