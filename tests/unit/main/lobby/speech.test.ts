import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BoardState } from '../../../../main/api/contract.js';
import { systemClock, type Clock } from '../../../../main/clock.js';
import { words } from '../../../../main/i18n/languages.js';
import { Synthesizer } from '../../../../main/lobby/synthesizer.js';
import { Speech } from '../../../../main/lobby/speech.js';
import { ManualClock } from '../../manual-clock.js';

const counterNames = { da: 'Skranke 1', en: 'Counter 1' };
function call(label: string, agoMs = 1000): BoardState['calls'][number] {
  return { call: 1, label, counter: 'counter-1', counterNames, agoMs };
}

let folder: string;
let calls: BoardState['calls'];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forhal-speech-'));
  calls = [call('A042'), call('B007'), call('C001')];
});
afterEach(() => rm(folder, { recursive: true }));

/** A synthesizer of these lines of shell; `$LOG` is a file of its own, `$TEXT` what it is to say. */
async function program(lines: string): Promise<string> {
  const path = join(folder, 'synthesizer');
  await writeFile(path, `#!/bin/sh\nLOG='${join(folder, 'log')}'\nTEXT=$(cat)\n${lines}\n`);
  await chmod(path, 0o700);
  return path;
}

const heard = async (): Promise<string[]> => (await readFile(join(folder, 'log'), 'utf8')).trim().split('\n');

function speechWith(synthesizer: string, clock: Clock = systemClock): Speech {
  return new Speech({
    words,
    calls: () => Promise.resolve(calls),
    synthesizer: new Synthesizer({ clock, program: synthesizer }),
  });
}

describe('a spoken call', () => {
  it('is what the synthesizer makes of number and counter, in the voice of its language', async () => {
    const speech = speechWith(await program('echo "$@: $TEXT" >> "$LOG"\nprintf RIFF'));
    expect(String(await speech.spoken('da', 'A042', 'counter-1'))).toBe('RIFF');
    expect(String(await speech.spoken('en', 'A042', 'counter-1'))).toBe('RIFF');
    const [danish, english] = await heard();
    expect(danish).toMatch(/^-v da -s 140 --stdout --stdin: .*A 42.*Skranke 1/);
    expect(english).toMatch(/^-v en\S* -s 140 --stdout --stdin: .*A 42.*Counter 1/);
  });

  it.each([
    ['that was not called', 'da', 'A043', 'counter-1'],
    ['to another counter', 'da', 'A042', 'counter-2'],
    ['in no language of the house', 'xx', 'A042', 'counter-1'],
    ['in a property of every object', 'constructor', 'A042', 'counter-1'],
  ])('%s is none, and nothing is started for it', async (_what, language, label, counter) => {
    const speech = speechWith(await program('echo "$@: $TEXT" >> "$LOG"\nprintf RIFF'));
    expect(await speech.spoken(language, label, counter)).toBeUndefined();
    await expect(heard()).rejects.toThrow('ENOENT');
  });

  it('is heard for five minutes', async () => {
    const speech = speechWith(await program('printf RIFF'));
    calls = [call('A042', 5 * 60_000), call('B007', 5 * 60_000 + 1)];
    expect(await speech.spoken('da', 'A042', 'counter-1')).toBeDefined();
    expect(await speech.spoken('da', 'B007', 'counter-1')).toBeUndefined();
  });

  it('is made once for all boards', async () => {
    const speech = speechWith(await program('echo "$@: $TEXT" >> "$LOG"\nprintf RIFF'));
    const sounds = await Promise.all(
      Array.from({ length: 20 }, () => speech.spoken('da', 'A042', 'counter-1')),
    );
    expect(sounds.map(String)).toEqual(Array(20).fill('RIFF'));
    expect(await heard()).toHaveLength(1);
  });

  it('waits for the one before: two are never made at once', async () => {
    // Whoever comes while another is at work finds its folder, and says so.
    const synthesizer = await program(
      `mkdir '${folder}/busy' 2>> "$LOG.errors" || echo overlap >> "$LOG"\necho "$TEXT" >> "$LOG"\nprintf RIFF\nrmdir '${folder}/busy'`,
    );
    const speech = speechWith(synthesizer);
    const labels = ['A042', 'B007', 'C001'];
    const asked = labels.flatMap((label) =>
      ['da', 'en'].map((language) => speech.spoken(language, label, 'counter-1')),
    );
    expect((await Promise.all(asked)).map(String)).toEqual(Array(6).fill('RIFF'));
    expect(await heard()).not.toContain('overlap');
  });

  it('does not hold up the next one when it fails, and is tried again', async () => {
    const synthesizer = await program(
      `case "$TEXT" in *"A 42"*) [ -e '${folder}/mended' ] || exit 1;; esac\nprintf RIFF`,
    );
    const speech = speechWith(synthesizer);
    const both = ['A042', 'B007'].map((label) => speech.spoken('da', label, 'counter-1'));
    expect((await Promise.all(both)).map((sound) => sound && String(sound))).toEqual([undefined, 'RIFF']);
    await writeFile(join(folder, 'mended'), '');
    expect(String(await speech.spoken('da', 'A042', 'counter-1'))).toBe('RIFF');
  });

  it('is given up when the synthesizer hangs, and the next one is made', async () => {
    const clock = new ManualClock();
    const synthesizer = await program(`case "$TEXT" in *"A 42"*) exec sleep 600;; esac\nprintf RIFF`);
    const speech = speechWith(synthesizer, clock);
    const hanging = speech.spoken('da', 'A042', 'counter-1');
    const next = speech.spoken('da', 'B007', 'counter-1');
    await expect.poll(() => clock.pending).toBe(1);
    await clock.pass(5000);
    expect(await hanging).toBeUndefined();
    expect(String(await next)).toBe('RIFF');
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['says nothing', 'exit 0'],
    ['never stops talking', 'exec cat /dev/zero'],
    ['fails after some of it', 'printf RIFF; exit 1'],
  ])('is none where the synthesizer %s', async (_what, lines) => {
    const speech = speechWith(await program(lines));
    expect(await speech.spoken('da', 'A042', 'counter-1')).toBeUndefined();
  });

  it('is none where espeak-ng is not installed, however often it is asked for', async () => {
    const speech = speechWith(join(folder, 'there is none'));
    for (let n = 0; n < 3; n++) expect(await speech.spoken('da', 'A042', 'counter-1')).toBeUndefined();
  });
});
