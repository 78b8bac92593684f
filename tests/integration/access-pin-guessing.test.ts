import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StaffRole } from '../../main/api/contract.js';
import { Kiosk, KioskFolder, opened, Page, pins } from './access-kiosk.js';
import { buildPrograms, type BuiltPrograms } from './built-programs.js';
import { sleep } from './pcscd.js';

/** How long PINs are guessed, ms. PIN_GUESS_MS=60000: the minute of the acceptance. */
const guessMs = Number(process.env['PIN_GUESS_MS'] ?? 5000);
/** The kiosk is killed and started again so often meanwhile. */
const restarts = Math.max(2, Math.round(guessMs / 6000));

// What is allowed: five tries at a place, twenty of all strangers together, and one more each
// time that a lock is over, the first of which lasts 30 s and each further one twice as long.
const triesOfPlace = 5;
const triesOfStrangers = 20;
const firstLockMs = 30_000;

function furtherTries(ms: number): number {
  let tries = 0;
  for (let lockMs = firstLockMs, until = firstLockMs; until <= ms; until += lockMs *= 2) tries += 1;
  return tries;
}

/** What may be tried in that time at the kiosk itself, and at all addresses that nobody has logged in from. */
function allowedTries(ms: number): number {
  return triesOfPlace + triesOfStrangers + 2 * furtherTries(ms);
}

let programs: BuiltPrograms;
beforeAll(async () => {
  programs = await buildPrograms();
  return () => programs.remove();
});

let folder: KioskFolder;
let kiosk: Kiosk;
afterEach(async () => {
  await kiosk.stop();
  folder.remove();
});

const address = { current: new URL('http://127.0.0.1:1') };

async function start(): Promise<void> {
  kiosk = new Kiosk(programs.serve, folder.path);
  address.current = await kiosk.ready();
}

interface Tally {
  asked: number;
  wrong: number;
  locked: number;
  in: number;
  unanswered: number;
}

/** Guesses without a pause, on one connection after the other, until it is time. */
async function guess(
  role: StaffRole,
  from: string | undefined,
  isOver: () => boolean,
  tally: Tally,
): Promise<void> {
  let next = 100_000;
  while (!isOver()) {
    const { origin, hash } = address.current;
    const token = from === undefined ? hash.slice('#token='.length) : undefined;
    const page = await Page.open(origin, token, from === undefined ? {} : { localAddress: from });
    if (page === undefined) {
      await sleep(20);
      continue;
    }
    // As many at once as the kiosk hears of one page in a row.
    while (!isOver()) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => page.login(role, String((next += 7)))),
      );
      for (const answer of answers) {
        tally.asked += 1;
        const kind = answer?.ok === true ? answer.value.kind : 'unanswered';
        if (kind === 'wrong' || kind === 'locked' || kind === 'in') tally[kind] += 1;
        else tally.unanswered += 1;
      }
      if (answers.includes(undefined)) break;
    }
    await page.close();
  }
}

/** PINs that were compared, as the log tells over all runs. */
function compared(role: StaffRole): number {
  const names = ['logs/forhal.previous.log', 'logs/forhal.log'];
  const text = names
    .filter((name) => existsSync(join(folder.path, name)))
    .map((name) => folder.read(name))
    .join('');
  return text
    .split('\n')
    .filter((line) => line.includes('"access.refused"') && line.includes('"why":"wrong"'))
    .filter((line) => line.includes(`"role":"${role}"`)).length;
}

describe('guessing PINs at full speed', () => {
  it(
    `for ${guessMs / 1000} s, from many addresses and at the kiosk, over ${restarts} restarts, gives the allowed tries and no more`,
    async () => {
      folder = new KioskFolder();
      await start();
      // A desk that is in use before.
      const desk = { localAddress: '127.0.0.200' };
      const before = await opened(Page.open(address.current.origin, undefined, desk));
      expect(await before.login('staff')).toMatchObject({ value: { kind: 'in' } });
      await before.close();

      const tally: Tally = { asked: 0, wrong: 0, locked: 0, in: 0, unanswered: 0 };
      const began = Date.now();
      // On a slow machine for longer, so that all of the allowed tries are made.
      const isOver = (): boolean => Date.now() >= began + guessMs && tally.locked > 100;
      const strangers = Array.from({ length: 8 }, (_, n) => `127.0.0.${n + 10}`);
      const guessing = [
        ...strangers.flatMap((from) => [from, from]).map((from) => guess('staff', from, isOver, tally)),
        guess('staff', undefined, isOver, tally),
        guess('staff', undefined, isOver, tally),
      ];
      for (let n = 1; n <= restarts; n++) {
        await sleep(began + (n * guessMs) / (restarts + 1) - Date.now());
        await kiosk.kill();
        await start();
      }
      await Promise.all(guessing);
      const tookMs = Date.now() - began;

      const access = JSON.parse(folder.read('access.json')) as {
        staff: {
          locks: {
            strangers: { wrong: number };
            places: { place: string; known: boolean; lock: { wrong: number } }[];
          };
        };
      };
      const { strangers: common, places } = access.staff.locks;
      const atKiosk = places.find(({ place }) => place === 'kiosk')?.lock.wrong ?? 0;
      const counted = common.wrong + atKiosk;
      console.info('guessed', JSON.stringify({ ...tally, compared: compared('staff'), counted, tookMs }));

      expect(tally.in).toBe(0);
      // They did guess: locks held them back, and not the test's own slowness.
      expect(tally.locked).toBeGreaterThan(100);
      expect(counted).toBeLessThanOrEqual(allowedTries(tookMs));
      expect(compared('staff')).toBeLessThanOrEqual(allowedTries(tookMs));
      // Nor did the guessers' noise push the traces of their tries out of the log.
      expect(compared('staff')).toBeGreaterThan(0);
      expect(tally.wrong).toBeLessThanOrEqual(allowedTries(tookMs));
      expect(atKiosk).toBeLessThanOrEqual(triesOfPlace + furtherTries(tookMs));

      // Staff go on at their desk, and the right PIN is no help where it was guessed.
      const after = await opened(Page.open(address.current.origin, undefined, desk));
      expect(await after.login('staff')).toMatchObject({ value: { kind: 'in' } });
      const guesser = await opened(
        Page.open(address.current.origin, undefined, { localAddress: '127.0.0.10' }),
      );
      for (let n = 0; n < triesOfPlace; n++) await guesser.login('staff', '604213');
      expect(await guesser.login('staff', pins.staff)).toMatchObject({ value: { kind: 'locked' } });
      await Promise.all([after.close(), guesser.close()]);
    },
    guessMs + 120_000,
  );

  it('a kill right after a try does not give it back', async () => {
    folder = new KioskFolder();
    for (let n = 0; n < triesOfPlace; n++) {
      await start();
      const page = await opened(Page.open(address.current.origin));
      void page.login('technician', '604213');
      // The count is on the disk before the PIN is looked at: whoever kills between the two has had the try.
      await expect.poll(() => folder.read('access.json'), { interval: 1 }).toContain(`"wrong": ${n + 1}`);
      await kiosk.kill();
    }
    await start();
    const page = await opened(Page.open(address.current.origin));
    expect(await page.login('technician')).toMatchObject({ value: { kind: 'locked' } });
    await page.close();
  });
});
