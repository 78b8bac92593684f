import assert from 'node:assert/strict';
import { type HidKeys, watchHidKeys } from '../../../drivers/fido/index.js';
import { type KeyCheckOutcome, keyCheckOutcome, type KeyFacts } from '../../../drivers/fido/types.js';
import { systemClock, within } from '../../../drivers/shared/clock.js';
import { eventually, sleep } from '../../integration/pcscd.js';
import type { Figures } from '../messages.js';
import { GadgetKey } from './gadget-key.js';
import { type LabTest, rounds, spread, tally } from './lab-test.js';
import { askByPython, whyNoPythonFido2 } from './python-fido2.js';

const foundMs = 15_000;
const checkMs = 30_000;
/** From the beginning of a check to the pull, ms; a whole check takes some 200 ms here. */
const pullAfterMs = [0, 20, 50, 80, 120] as const;

async function withKey(use: (gadget: GadgetKey, keys: HidKeys) => Promise<Figures>): Promise<Figures> {
  const gadget = new GadgetKey();
  const keys = watchHidKeys({ clock: systemClock, onChange: () => undefined });
  try {
    return await use(gadget, keys);
  } finally {
    keys.stop();
    await gadget.unplug();
  }
}

async function plug(gadget: GadgetKey, keys: HidKeys): Promise<number> {
  const pluggedAt = performance.now();
  await gadget.plug();
  await eventually('the key is found', () => keys.count === 1, foundMs);
  return performance.now() - pluggedAt;
}

async function check(keys: HidKeys): Promise<KeyCheckOutcome> {
  const outcome = await within(
    systemClock,
    checkMs,
    keys.check(
      { id: 'lab', waitForKeyMs: 0 },
      { onProgress: () => undefined, signal: new AbortController().signal },
    ),
  );
  assert.ok(outcome, 'the check has come to no end');
  return keyCheckOutcome.parse(outcome);
}

async function answers(keys: HidKeys): Promise<KeyFacts> {
  const outcome = await check(keys);
  assert.equal(outcome.kind, 'answers', JSON.stringify(outcome));
  return outcome.facts;
}

const useKey = (): Promise<Figures> =>
  withKey(async (gadget, keys) => {
    const firstMs = await plug(gadget, keys);
    const facts = await answers(keys);
    assert.deepEqual(
      { way: facts.way, ctap2: facts.ctap2, u2f: facts.u2f, ping: facts.ping, winked: facts.winked },
      { way: 'usb', ctap2: true, u2f: true, ping: true, winked: true },
    );
    const found: number[] = [];
    const ends: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const checking = check(keys);
      await sleep(pullAfterMs[round % pullAfterMs.length]!);
      await gadget.unplug();
      const outcome = await checking;
      ends.push(outcome.kind === 'stopped' ? `${outcome.fault} (${outcome.during})` : outcome.kind);
      await eventually('the key is missed', () => keys.count === 0, foundMs);
      found.push(await plug(gadget, keys));
      await answers(keys);
    }
    return {
      'first found': `${Math.round(firstMs)} ms`,
      'a check': `${Math.round(facts.elapsedMs)} ms`,
      [`pulled ${rounds} times in use: found again`]: spread(found),
      'what became of the checks under way': tally(ends),
    };
  });

const compareClients = (): Promise<Figures> =>
  withKey(async (gadget, keys) => {
    await plug(gadget, keys);
    const ours = await answers(keys);
    const startedAt = performance.now();
    const theirs = await askByPython();
    const theirMs = performance.now() - startedAt;
    assert.equal(theirs.length, 1, 'keys that python3-fido2 found');
    const { capabilities, ...facts } = theirs[0]!;
    assert.deepEqual(
      {
        protocolVersion: ours.hid?.protocolVersion,
        deviceVersion: ours.hid?.deviceVersion,
        versions: ours.versions,
        aaguid: ours.aaguid,
        transports: ours.transports,
        firmwareVersion: ours.firmwareVersion,
        maxMessageSize: ours.maxMessageSize,
      },
      facts,
    );
    // CTAP 2.1 section 11.2.9.1.3: 1 blinks, 4 speaks CTAP2, 8 carries no U2F messages.
    assert.deepEqual(
      { wink: ours.hid?.wink, cbor: ours.hid?.cbor, message: ours.hid?.message },
      { wink: (capabilities & 1) !== 0, cbor: (capabilities & 4) !== 0, message: (capabilities & 8) === 0 },
    );
    return { 'python3-fido2 started, and asked it': `${Math.round(theirMs)} ms` };
  });

export const keyTests: readonly LabTest[] = [
  { name: 'FIDO key over /dev/hidraw*', deadlineMs: 150_000, run: useKey },
  {
    name: 'FIDO key: python3-fido2 is told the same',
    deadlineMs: 90_000,
    whyNot: whyNoPythonFido2,
    run: compareClients,
  },
];
