import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../drivers/shared/clock.js';
import { SimulatedRig } from '../../drivers/simulated/rig/simulated-rig.js';
import { DeviceServer } from '../../drivers/simulated/shared/device-server.js';
import { type BenchLevels, type EventData, events, type EventName } from '../../main/api/contract.js';
import { seededRandom } from '../simulation/seeded-random.js';
import { Kiosk, KioskFolder, opened, Page, type PageAnswer } from './access-kiosk.js';
import { type BuiltPrograms, buildPrograms } from './built-programs.js';
import { memoryOf } from './nothing-shown/process-memory.js';
import {
  type DeadSegment,
  segmentsOf,
  type Trace,
  tracesOf,
  tracesOfLevels,
  TraceSearch,
} from './nothing-shown/traces.js';
import { eventually } from './pcscd.js';
import { layCable, type PseudoTerminal } from './rig/pseudo-terminal.js';
import { filesBelow, processTree } from './searched-places.js';

// A display in a simulated rig behind a real serial line, the kiosk as it is served, and every code that the display
// showed looked for wherever the kiosk could have let it slip.

const digits = 6;
/** Statements about fewer codes would tell too much of each: the promise, not what the driver makes of it. */
const codesInAStatement = 5;
const dead: DeadSegment = { digit: 1, segment: 4 };
/** More than the display will show. */
const prepared = 99;
/** So many times as many codes are never shown: what is found of them is found by chance. */
const chances = 5;

/**
 * Each digit place shows nine digits in nine codes, in an order of its own, so that a test over a real line takes
 * seconds. Without zeros and many of a kind, since numbers such as 001000 are in every memory.
 */
function makeCodes(count: number, random: () => number): string[] {
  const made: string[] = [];
  while (made.length < count) {
    const places = Array.from({ length: digits }, () => shuffled('123456789'.split(''), random));
    const nine = Array.from({ length: 9 }, (_, at) => places.map((place) => place[at]).join(''));
    if (nine.every((code) => new Set(code).size >= 4)) made.push(...nine);
  }
  return made;
}

function shuffled<Each>(list: readonly Each[], random: () => number): Each[] {
  return list
    .map((each) => ({ each, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ each }) => each);
}

const random = seededRandom(6);
const codes = makeCodes(prepared, random);
const neverShown = makeCodes(chances * prepared, random).filter((code) => !codes.includes(code));
/** Not of the display: it is let slip on purpose, and has to be found. */
const planted = '719305';

function traces(of: string): Trace[] {
  return [...tracesOf(of, dead)].map(([form, bytes]) => ({ of, form, bytes }));
}

interface Find {
  readonly of: string;
  readonly form: string;
  readonly place: string;
}

/** What a host says to main and hears from it, written to a file before it goes on. */
function recordHosts(program: string, file: string): void {
  const recorder = `{
    const write = (message) =>
      require('node:fs').appendFileSync(${JSON.stringify(file)}, JSON.stringify(message) + '\\n');
    const send = process.send;
    process.send = (...args) => { write(args[0]); return send.apply(process, args); };
    process.on('message', write);
  }\n`;
  writeFileSync(program, recorder + readFileSync(program, 'utf8'));
}

async function findsInMemory(pid: number, search: TraceSearch, place: string): Promise<Find[]> {
  const found = new Map<string, Find>();
  for await (const piece of memoryOf(pid, 8 * search.longest)) {
    search.inMemory(piece, ({ of, form }) => void found.set(`${of} ${form}`, { of, form, place }));
  }
  return [...found.values()];
}

function findsIn(places: ReadonlyMap<string, Buffer>, search: TraceSearch): Find[] {
  const found: Find[] = [];
  for (const [place, content] of places) {
    search.in(content, ({ of, form }) => void found.push({ of, form, place }));
  }
  return found;
}

function eventsOf<Name extends EventName>(page: Page, name: Name): EventData<Name>[] {
  return page.frames.flatMap((text) => {
    const message = JSON.parse(text) as { readonly m?: string; readonly a?: readonly unknown[] };
    return message.m === name ? [events[name].parse(message.a?.[0]) as EventData<Name>] : [];
  });
}

const valueOf = (answer: PageAnswer | undefined): Record<string, unknown> =>
  answer?.ok === true ? answer.value : { refused: answer?.error };

describe('a process that holds a code', () => {
  /** Makes it from a product, so that only the forms below are in its memory, and tells when it has. */
  const holder = `
    let number = Number(process.argv[1]) / 7;
    const digits = [];
    for (let at = 0; at < 6; at++) { digits.unshift(number % 10); number = Math.floor(number / 10); }
    const glyphs = [63, 6, 91, 79, 102, 109, 125, 7, 127, 111];
    const masks = digits.map((digit) => glyphs[digit]);
    const states = masks.flatMap((mask) => [0, 1, 2, 3, 4, 5, 6].map((bit) => 2 * ((mask >> bit) & 1)));
    globalThis.held = [
      digits, masks, states, masks.map((mask) => String(mask)), JSON.stringify(masks),
      Uint8Array.from(masks), Uint16Array.from(digits), Buffer.from(digits.join('')).toString('hex'),
      Buffer.from('id' + digits.join('')).toString('base64'), digits.join(' '), '\\u043a\\u043e\\u0434 ' + digits.join(''),
      'code ' + digits.join('') + '.', new Uint16Array([712, 80, 655, 71, 690, 66, 700]), [612, 80, 655, 71, 690, 66, 700],
    ].map((each) => typeof each === 'string' ? Buffer.from(each + '!').toString().slice(0, -1) : each);
    process.stdout.write('held');
    setInterval(() => globalThis.held, 1000);
  `;

  it('is found out, whatever the form', async () => {
    const held = spawn(process.execPath, ['--eval', holder, String(7 * Number(planted))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(held.stdout, 'data');
    const levels = ['712,80,655,71,690,66,700', '612,80,655,71,690,66,700'].flatMap((line) =>
      [...tracesOfLevels(line)].map(([form, bytes]) => ({ of: line, form, bytes })),
    );
    const search = new TraceSearch([...traces(planted), ...levels]);
    const found = await findsInMemory(held.pid ?? 0, search, 'memory');
    held.kill('SIGKILL');
    expect(found.map(({ form }) => form)).toEqual(
      expect.arrayContaining([
        'text',
        'text, 2 bytes each',
        'text, spaced',
        'text, hexadecimal',
        'text, base64 after 2 bytes',
        'digits, 2 bytes each',
        'digits, 8 bytes each',
        'masks',
        'masks, 8 bytes each',
        'masks, listed',
        'states of off and on, 8 bytes each',
        'levels, 2 bytes each',
        'levels, 8 bytes each',
      ]),
    );
  });
});

describe('after a visitor, staff and a technician had displays tested', () => {
  let shownSoFar = 0;
  const rig = new SimulatedRig({
    clock: systemClock,
    // No faster: a test takes as long as it can see how quickly segments come.
    speed: 10,
    period: 7,
    litFor: 5,
    random: seededRandom(4),
    nextCode: () => codes[shownSoFar++] ?? 'none left',
  });
  const server = new DeviceServer(rig);
  /** Of digits that were lit when the rig told of them. */
  const toldLevels = new Set<string>();
  let cable: PseudoTerminal;
  let programs: BuiltPrograms;
  let folder: KioskFolder;
  let kiosk: Kiosk;
  let visitor: Page;
  let staff: Page;
  let traffic: string;

  beforeAll(async () => {
    programs = await buildPrograms();
    traffic = join(dirname(programs.host), 'traffic');
    recordHosts(programs.host, traffic);
    rig.onSend((bytes) => {
      const line = Buffer.from(bytes).toString('latin1').trim();
      if (/^\d+(,\d+){6}$/.test(line) && line.split(',').some((level) => Number(level) > 300))
        toldLevels.add(line);
    });
    cable = await layCable(await server.listen());
    folder = new KioskFolder({
      placeName: `Borgerservice ${planted}`,
      devices: {
        rig: {
          connection: { kind: 'serial', path: cable.path, baudRate: 115_200 },
          calibrations: [{ rig: rig.serialNumber, at: '2026-11-23T00:00:00Z', digits: rig.levels() }],
        },
      },
    });
    kiosk = new Kiosk(programs.serve, folder.path, { ...process.env, PLANTED: planted });
    const address = await kiosk.ready();
    const token = address.hash.slice('#token='.length);
    visitor = await opened(Page.open(address.origin, token));
    staff = await opened(Page.open(address.origin, token));
    expect(await staff.login('technician')).toMatchObject({ ok: true });
    await eventually('the rig is ready', async () => {
      const { rig: state } = valueOf(await staff.call('bench.state', {})) as { rig?: { kind: string } };
      return state?.kind === 'ready';
    });
  });

  afterAll(async () => {
    await visitor.close();
    await staff.close();
    await kiosk.stop();
    await cable.close();
    await server.close();
    folder.remove();
    programs.remove();
  });

  async function testAsVisitor(): Promise<EventData<'authenticator.verdict'>['verdict']> {
    const before = eventsOf(visitor, 'authenticator.verdict').length;
    expect(await visitor.call('authenticator.start', { device: 'code-display' })).toMatchObject({ ok: true });
    return eventually(
      'the verdict',
      () => eventsOf(visitor, 'authenticator.verdict')[before]?.verdict,
      60_000,
    );
  }

  /** Asks for levels while the display is lit, by every name that the rig has for them. */
  async function peek(): Promise<void> {
    for (const message of [
      'MEAS:SEGM? 1',
      'meas:segments? 2',
      ':MEASURE:SEGMENTS? 3',
      '*IDN?;:MEAS:SEGM? 4',
      'MEAS:BATT?;SEGM? 5',
    ]) {
      await eventually('the rig tells levels of a lit display', async () => {
        const before = toldLevels.size;
        let asked = 0;
        const stop = rig.onSend((bytes) => {
          const levels = /(\d+,){6}\d+/.exec(Buffer.from(bytes).toString('latin1'))?.[0];
          if (levels?.split(',').some((level) => Number(level) > 300) !== true) return;
          toldLevels.add(levels);
          asked++;
        });
        expect(await staff.call('bench.query', { message: 'BUTT:PRES 300' })).toMatchObject({ ok: true });
        const answer = valueOf(await staff.call('bench.query', { message }));
        stop();
        expect(answer).toMatchObject({ kind: 'done', line: null, redacted: true });
        return asked > 0 && toldLevels.size > before;
      });
    }
  }

  /** What statements of one test let anybody conclude: of each code, as good as nothing. */
  function expectNoConclusion(statements: readonly BenchLevels[], codesInAll: number): void {
    // They share no code with each other, and together they are what the result is about.
    expect(statements.reduce((sum, statement) => sum + statement.codes, 0)).toBe(codesInAll);
    for (const statement of statements) {
      expect(statement.codes).toBeGreaterThanOrEqual(codesInAStatement);
      expect(statement.digits).toHaveLength(digits);
      for (const segments of statement.digits) {
        const possible = '0123456789'
          .split('')
          .filter((digit) =>
            Array.from(segmentsOf(digit)[0] ?? '').every(
              (state, at) => (state === '1' ? segments[at]?.on : segments[at]?.off) !== null,
            ),
          );
        // Five codes that follow each other have at least three digits in each place.
        expect(possible.length).toBeGreaterThanOrEqual(3);
      }
    }
  }

  it('no code that was shown is in any file, the log, the output, a process, a message, or in main', async () => {
    const all = [...codes, ...neverShown].flatMap(traces);
    const main = kiosk.pid;
    const before = await findsInMemory(main, new TraceSearch(all), 'before');
    const chance = new Set(before.map(({ of, form }) => `${of} ${form.replace(/, \d bytes each$/, '')}`));
    // What programs are made of looks like a code now and then; that leaves all but a few traces to be looked for.
    const lookedFor = [...all.filter(({ of, form }) => !chance.has(`${of} ${form}`)), ...traces(planted)];
    let search = new TraceSearch(lookedFor);
    expect(chance.size).toBeLessThan(all.length / 100);
    const found: Find[] = [];
    const searchMemory = async (when: string): Promise<void> => {
      found.push(...(await findsInMemory(main, search, `main's memory after ${when}`)));
    };
    expect(rig.shownCodes).toEqual([]);

    expect(await testAsVisitor()).toMatchObject({ outcome: 'works', way: 'rig', demo: false });
    const byVisitor = rig.shownCodes.length;
    await searchMemory("a visitor's test");

    expect(valueOf(await staff.call('bench.selfTest', {}))).toMatchObject({ kind: 'done', result: 0 });
    await peek();
    // A query's own text crosses to the host.
    await staff.call('bench.query', { message: `*IDN? ${planted}` });
    const tested = valueOf(await staff.call('bench.testDisplay', {}));
    expect(tested).toMatchObject({ kind: 'tested', verdict: { outcome: 'works' } });
    const { codes: codesInAll } = tested.facts as { codes: number };
    expectNoConclusion(eventsOf(staff, 'bench.levels'), codesInAll);

    rig.setFault('dead-segment', dead);
    const verdict = await testAsVisitor();
    expect(verdict.outcome).toBe('replace');
    expect(verdict.reasons).toContain('segment-dead');

    const shown = new Set(rig.shownCodes);
    expect(byVisitor).toBeGreaterThanOrEqual(2 * codesInAStatement);
    expect(shown.size).toBeGreaterThanOrEqual(byVisitor + 3 * codesInAStatement);
    expect(shown.has('none left')).toBe(false);

    const files = filesBelow(folder.path);
    expect(files).toContain(join(folder.path, 'logs', 'forhal.log'));
    const places = new Map<string, Buffer>([
      ...files.map((file): [string, Buffer] => [file, readFileSync(file)]),
      ...processTree(main).flatMap((pid): [string, Buffer][] => [
        [pid === main ? "main's environment" : `environment of ${pid}`, readFileSync(`/proc/${pid}/environ`)],
        [`arguments of process ${pid}`, readFileSync(`/proc/${pid}/cmdline`)],
      ]),
      ['output', Buffer.from(kiosk.said)],
      ["visitor's messages", Buffer.from(visitor.frames.join('\n'))],
      ["staff's messages", Buffer.from(staff.frames.join('\n'))],
      ['messages of the driver hosts', readFileSync(traffic)],
    ]);
    const levels = [...toldLevels].flatMap((line) =>
      [...tracesOfLevels(line)].map(([form, bytes]) => ({ of: line, form, bytes })),
    );
    search = new TraceSearch([...lookedFor, ...levels]);
    await searchMemory('all tests');
    found.push(...findsIn(places, search));

    const plantedIn = new Set(found.filter(({ of }) => of === planted).map(({ place }) => place));
    expect([...plantedIn]).toEqual(
      expect.arrayContaining([
        join(folder.path, 'settings.json'),
        "main's environment",
        "visitor's messages",
        "staff's messages",
        'messages of the driver hosts',
        "main's memory after a visitor's test",
        "main's memory after all tests",
      ]),
    );
    const byChance = new Set(found.map(({ of }) => of).filter((of) => neverShown.includes(of)));
    // The first few tell enough.
    const slipped = found.filter(({ of }) => shown.has(of) || toldLevels.has(of)).slice(0, 20);
    expect(
      slipped,
      `of ${neverShown.length} codes that were never shown, ${byChance.size} are found by chance`,
    ).toEqual([]);
  }, 300_000);
});
