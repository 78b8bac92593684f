import { describe, expect, it } from 'vitest';
import { checkNfcKey } from '../../../../drivers/fido/index.js';
import { concat, fromHex, toHex } from '../../../../drivers/shared/bytes.js';
import type { CardChannel, CardFault } from '../../../../drivers/shared/card-channel.js';
import { err, ok } from '../../../../drivers/shared/result.js';
import { NfcKey, type NfcKeyOptions } from '../../../../drivers/simulated/fido-key/nfc-key.js';
import { demoKey, type DemoKey } from '../../../../drivers/simulated/fido-key/types.js';
import { openChannel } from '../../../../drivers/simulated/shared/channel.js';
import { ManualClock } from '../../manual-clock.js';

const request = { id: 'key-1', waitForKeyMs: 0 };
const select = '00A4040008A0000006472F000100';

async function run(channel: CardChannel, signal = new AbortController().signal) {
  const clock = new ManualClock();
  const sent: string[] = [];
  const steps: string[] = [];
  const end = checkNfcKey(
    {
      ...channel,
      transmit: (command) => {
        sent.push(toHex(command));
        return channel.transmit(command);
      },
    },
    request,
    { clock, signal, onProgress: ({ step }) => steps.push(step) },
  );
  await clock.pass(60_000);
  return { outcome: await end, sent, steps, pending: clock.pending };
}

function key(kind: DemoKey, options?: NfcKeyOptions, extendedLength = true): CardChannel {
  return openChannel(new NfcKey(kind, options), { extendedLength });
}

function scripted(
  answers: Readonly<Record<string, string>>,
  otherwise = '6D00',
  extendedLength = false,
): CardChannel {
  return {
    atr: new Uint8Array(),
    extendedLength,
    transmit: (command) => {
      const answer = answers[toHex(command)] ?? otherwise;
      return Promise.resolve(
        /^[0-9A-F]+$/.test(answer) ? ok(fromHex(answer)) : err({ kind: answer } as CardFault),
      );
    },
  };
}

const facts = {
  way: 'nfc',
  versions: ['U2F_V2', 'FIDO_2_0', 'FIDO_2_1'],
  ctap2: true,
  u2f: true,
  hid: null,
  ping: null,
  winked: false,
  aaguid: 'f0a1c0de00000000f0a1000000000001',
  transports: ['nfc', 'usb'],
  firmwareVersion: 0x010203,
  maxMessageSize: 1200,
};

describe('a key on a reader', () => {
  it.each([
    ['in extended length', true, {}],
    ['in short length', false, {}],
    ['in parts', false, { shortAnswerBytes: 40 }],
    ['in parts in extended length', true, { shortAnswerBytes: 40, extendedAnswerBytes: 60 }],
    ['in short length where only the reader could do more', true, { extendedLength: false }],
    ['after being at work', true, { polls: 7 }],
    ['at once', false, { polls: 0 }],
  ] as const)('says what it is %s', async (_how, extendedLength, options) => {
    const { outcome, steps, pending } = await run(key('ctap2', options, extendedLength));
    expect(outcome).toMatchObject({ kind: 'answers', facts });
    expect(steps).toEqual(['greeting', 'asking']);
    expect(pending).toBe(0);
  });

  it('is asked by the commands of CTAP 2.1 section 11.3', async () => {
    expect((await run(key('ctap2', {}, false))).sent).toEqual([select, '80108000010400', '8011000000']);
  });

  it('is known as an old one that speaks U2F alone', async () => {
    const { outcome, sent } = await run(key('u2f-only', {}, false));
    expect(outcome).toMatchObject({
      kind: 'answers',
      facts: { ctap2: false, u2f: true, versions: ['U2F_V2'], aaguid: null },
    });
    expect(sent).toEqual([select, '80108000010400']);
  });

  it('is asked for U2F where its greeting does not tell', async () => {
    const channel = scripted({ [select]: '9000', '0003000000': '5532465F56329000' });
    expect((await run(channel)).outcome).toMatchObject({
      kind: 'answers',
      facts: { ctap2: false, u2f: true },
    });
  });

  it.each([
    ['silent', 'greeting', 'key-silent'],
    ['torn', 'asking', 'key-removed'],
    ['not-a-key', 'greeting', 'not-a-key'],
    ['protocol-error', 'asking', 'protocol-error'],
  ] as const)('that is %s is told so', async (kind, during, fault) => {
    expect((await run(key(kind))).outcome).toEqual({ kind: 'stopped', during, fault });
  });

  it.each([
    ['card-removed', 'key-removed'],
    ['card-silent', 'key-silent'],
    ['reader-removed', 'no-reader'],
    ['service-lost', 'service-unavailable'],
  ] as const)('ends the check when %s', async (kind, fault) => {
    expect((await run(scripted({ [select]: kind }))).outcome).toEqual({
      kind: 'stopped',
      during: 'greeting',
      fault,
    });
  });

  it('of another trade that lets anything be selected is no key', async () => {
    const { outcome } = await run(scripted({ [select]: '6F009000' }));
    expect(outcome).toEqual({ kind: 'stopped', during: 'asking', fault: 'not-a-key' });
  });

  it('that is at work without end is busy', async () => {
    const channel = scripted({ [select]: '5532465F56329000' }, '019100');
    const { outcome, sent } = await run(channel);
    expect(outcome).toEqual({ kind: 'stopped', during: 'asking', fault: 'key-busy' });
    expect(sent.length).toBeLessThan(60);
  });

  it.each([
    ['more and more to say', '6110'],
    ['another length in mind each time', '6C10'],
  ])('that has %s breaks the protocol, in short and in extended length', async (_what, answer) => {
    for (const extendedLength of [false, true]) {
      const channel = scripted({ [select]: '5532465F56329000' }, answer, extendedLength);
      const { outcome, sent } = await run(channel);
      expect(outcome).toEqual({ kind: 'stopped', during: 'asking', fault: 'protocol-error' });
      expect(sent).toHaveLength(65);
    }
  });

  it('gets the length that it wants', async () => {
    const channel = scripted({ [select]: '6C08', '00A4040008A0000006472F000108': '5532465F56329000' });
    expect((await run(channel)).outcome).toMatchObject({ kind: 'answers', facts: { u2f: true } });
  });

  it('gets the length that it wants in extended length too', async () => {
    const info = '00A20181684649444F5F325F300350000102030405060708090A0B0C0D0E0F9000';
    const asked = '801080000000010400';
    const channel = scripted(
      { [select]: '9000', [`${asked}00`]: '6C1F', [`${asked}1F`]: info },
      '6D00',
      true,
    );
    const { outcome, sent } = await run(channel);
    expect(outcome).toMatchObject({ kind: 'answers', facts: { versions: ['FIDO_2_0'], ctap2: true } });
    expect(sent).toEqual([select, `${asked}00`, `${asked}1F`]);
  });

  it('is left alone once the check is cancelled', async () => {
    const { outcome, sent } = await run(key('ctap2'), AbortSignal.abort());
    expect(outcome).toEqual({ kind: 'stopped', during: 'greeting', fault: 'cancelled' });
    expect(sent).toEqual([]);
  });

  it('may answer anything: it is a value', async () => {
    let seed = 7;
    const next = (): number => (seed = (seed * 48_271) % 0x7fffffff);
    for (let i = 0; i < 200; i++) {
      const junk = (): string =>
        toHex(
          concat(
            Uint8Array.from({ length: next() % 40 }, () => next() & 0xff),
            fromHex(i % 2 ? '9000' : '6104'),
          ),
        );
      const { outcome } = await run({
        ...scripted({}),
        transmit: () => Promise.resolve(ok(fromHex(junk()))),
      });
      expect(outcome.kind).toBe('stopped');
    }
  });
});

describe('over NFC this program', () => {
  it.each(demoKey.options)('sends a %s key nothing that registers, signs or asks for a PIN', async (kind) => {
    const allowed = [
      select,
      '80108000010400',
      '80108000000001040000',
      '8011000000',
      '80110000000000',
      '0003000000',
      '00030000000000',
    ];
    for (const extendedLength of [true, false]) {
      for (const command of (await run(key(kind, {}, extendedLength))).sent)
        expect(allowed).toContain(command);
    }
  });
});
