import { describe, expect, it } from 'vitest';
import { openClearChannel } from '../../../../drivers/emrtd/command-channel.js';
import { SecureMessaging, type SessionKeys } from '../../../../drivers/emrtd/secure-messaging.js';
import { decodeCommand, type Command } from '../../../../drivers/shared/apdu.js';
import { concat, fromHex, pad, toHex } from '../../../../drivers/shared/bytes.js';
import { aesCbc, aesMac } from '../../../../drivers/shared/crypto/symmetric.js';
import { ok } from '../../../../drivers/shared/result.js';
import { decodeTlv, encodeTlv } from '../../../../drivers/shared/tlv.js';
import { scriptedChip, type Exchange } from './scripted-chip.js';

// Doc 9303 part 11 appendix D.4: session keys of appendix D.3.
const keys = (): SessionKeys => ({
  cipher: '3des',
  encryptionKey: fromHex('979EC13B1CBFE9DCD01AB0FED307EAE5'),
  macKey: fromHex('F1CB1F1FB5ADF208806B89DC579DC1F8'),
  counter: fromHex('887022120C06C226'),
});
const select: Exchange = [
  '0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800',
  '990290008E08FA855A5D4C50A8ED9000',
];
const readHead: Exchange = [
  '0CB000000D9701048E08ED6705417E96BA5500',
  '8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000',
];
const readRest: Exchange = [
  '0CB000040D9701128E082EA28A70F3C7B53500',
  '871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000',
];
const selectCom = { cla: 0, ins: 0xa4, p1: 2, p2: 0x0c, data: fromHex('011E') };

function session(...exchanges: Exchange[]): SecureMessaging {
  return new SecureMessaging(openClearChannel(scriptedChip(exchanges)), keys());
}

describe('secure messaging with 3DES', () => {
  it('reads EF.COM as in the worked example, Doc 9303 part 11 appendix D.4', async () => {
    const channel = session(select, readHead, readRest);
    expect(await channel.send(selectCom)).toEqual(ok({ data: new Uint8Array(), sw: 0x9000 }));
    expect(await channel.send({ cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 4 })).toEqual(
      ok({ data: fromHex('60145F01'), sw: 0x9000 }),
    );
    expect(await channel.send({ cla: 0, ins: 0xb0, p1: 0, p2: 4, le: 18 })).toEqual(
      ok({ data: fromHex('04303130365F36063034303030305C026175'), sw: 0x9000 }),
    );
  });

  it('carries 231 bytes in a short response, and 223 with AES', () => {
    const clear = openClearChannel(scriptedChip([]));
    expect(new SecureMessaging(clear, keys()).shortCapacity).toBe(231);
    expect(new SecureMessaging(clear, { ...keys(), cipher: 'aes-128' }).shortCapacity).toBe(223);
  });

  it.each([
    ['with a wrong MAC', '990290008E08FA855A5D4C50A8EE9000'],
    ['with its status altered', '990290018E08FA855A5D4C50A8ED9000'],
    ['without a MAC', '990290009000'],
    ['with a MAC that is too short', '990290008E07FA855A5D4C50A89000'],
    ['with nothing but a MAC', '8E08FA855A5D4C50A8ED9000'],
    ['cut in the middle', '990290008E08FA859000'],
    ['in clear that says success', '9000'],
    ['in clear that says success and brings data', '60145F019000'],
    ['in clear that warns', '6282'],
    ['of fewer than two bytes', '90'],
  ])('ends the session at an answer %s', async (_, answer) => {
    const channel = session([select[0], answer]);
    expect(await channel.send(selectCom)).toEqual({ ok: false, error: { kind: 'broken-response' } });
    await expect(channel.send(selectCom)).rejects.toThrow('secure messaging has ended');
  });

  it.each([
    ['6700', 0x6700],
    ['6982', 0x6982],
    ['6988', 0x6988],
  ])('is over when the chip answers %s in clear', async (answer, status) => {
    const channel = session([select[0], answer]);
    expect(await channel.send(selectCom)).toEqual({ ok: false, error: { kind: 'session-over', status } });
    await expect(channel.send(selectCom)).rejects.toThrow('secure messaging has ended');
  });

  it('overwrites its keys when the session ends', async () => {
    const used = keys();
    const channel = new SecureMessaging(openClearChannel(scriptedChip([])), used);
    await channel.send(selectCom);
    expect(toHex(concat(used.encryptionKey, used.macKey, used.counter))).toMatch(/^0+$/);
  });
});

/** The chip's end with AES, written from Doc 9303 part 11 section 9.8 for this test alone. */
function aesChip(
  encryptionKey: Uint8Array,
  macKey: Uint8Array,
  answer: { data: Uint8Array; status: string; statusTag?: number; padding?: 'right' | 'none' },
) {
  const received: { header: string; data: string; le: number; extended: boolean }[] = [];
  let counter = 0;
  const block = () => fromHex((++counter).toString(16).padStart(32, '0'));
  const cbc = (direction: 'encrypt' | 'decrypt', ssc: Uint8Array, data: Uint8Array) =>
    aesCbc(direction, encryptionKey, aesCbc('encrypt', encryptionKey, new Uint8Array(16), ssc), data);
  return {
    received,
    atr: new Uint8Array(),
    extendedLength: true,
    transmit(bytes: Uint8Array) {
      const command = decodeCommand(bytes)!;
      const objects = decodeTlv(command.data!)!;
      const ssc = block();
      const authenticated = objects.slice(0, -1).map((object) => object.bytes);
      const head = pad(bytes.subarray(0, 4), 16);
      expect(toHex(aesMac(macKey, pad(concat(ssc, head, ...authenticated), 16)))).toBe(
        toHex(objects.at(-1)!.value),
      );
      const cryptogram = objects.find(({ tag }) => tag === 0x87 || tag === 0x85);
      const padded =
        cryptogram === undefined
          ? new Uint8Array()
          : cbc('decrypt', ssc, cryptogram.tag === 0x87 ? cryptogram.value.subarray(1) : cryptogram.value);
      const le = objects.find(({ tag }) => tag === 0x97)?.value ?? new Uint8Array();
      received.push({
        header: toHex(bytes.subarray(0, 4)),
        data: toHex(padded),
        le: parseInt(toHex(le) || '0', 16),
        extended: command.extended,
      });
      const ssc2 = block();
      const odd = command.ins % 2 === 1;
      const body = cbc('encrypt', ssc2, answer.padding === 'none' ? answer.data : pad(answer.data, 16));
      const parts = concat(
        odd ? encodeTlv(0x85, body) : encodeTlv(0x87, Uint8Array.of(1), body),
        encodeTlv(answer.statusTag ?? 0x99, fromHex(answer.status)),
      );
      const mac = aesMac(macKey, pad(concat(ssc2, parts), 16));
      return Promise.resolve(ok(concat(parts, encodeTlv(0x8e, mac), fromHex(answer.status))));
    },
  };
}

describe('secure messaging with AES', () => {
  const ciphers = [
    ['aes-128', 16],
    ['aes-192', 24],
    ['aes-256', 32],
  ] as const;

  it.each(ciphers)('(%s) protects commands and opens responses', async (cipher, length) => {
    const encryptionKey = new Uint8Array(length).fill(0x11);
    const macKey = new Uint8Array(length).fill(0x22);
    const chip = aesChip(encryptionKey, macKey, { data: fromHex('6005'), status: '6282' });
    const channel = new SecureMessaging(openClearChannel(chip), {
      cipher,
      encryptionKey: encryptionKey.slice(),
      macKey: macKey.slice(),
      counter: new Uint8Array(16),
    });
    const opened = ok({ data: fromHex('6005'), sw: 0x6282 });
    expect(await channel.send(selectCom)).toEqual(opened);
    expect(await channel.send({ cla: 0, ins: 0xb0, p1: 0x81, p2: 0, le: 223 })).toEqual(opened);
    expect(await channel.send({ cla: 0, ins: 0xb0, p1: 0x82, p2: 0, le: 65536 })).toEqual(opened);
    expect(await channel.send({ cla: 0, ins: 0xb1, p1: 0, p2: 0, data: fromHex('54028000'), le: 9 })).toEqual(
      opened,
    );
    expect(chip.received).toEqual([
      { header: '0CA4020C', data: toHex(pad(fromHex('011E'), 16)), le: 0, extended: false },
      { header: '0CB08100', data: '', le: 223, extended: false },
      { header: '0CB08200', data: '', le: 0, extended: true },
      { header: '0CB10000', data: toHex(pad(fromHex('54028000'), 16)), le: 9, extended: false },
    ]);
  });

  describe('whose MAC is right and whose data lacks its padding', () => {
    const data = fromHex('60145F0104303130375F360630343031');
    const read = (ins: number) => ({ cla: 0, ins, p1: 0, p2: 0, le: 223 });

    function sendTo(answer: { data: Uint8Array; status: string }, command: Command) {
      const [encryptionKey, macKey] = [new Uint8Array(16).fill(0x11), new Uint8Array(16).fill(0x22)];
      const chip = aesChip(encryptionKey, macKey, { ...answer, padding: 'none' });
      const keys = { cipher: 'aes-128', encryptionKey, macKey, counter: new Uint8Array(16) } as const;
      return new SecureMessaging(openClearChannel(chip), keys).send(command);
    }

    it.each([0xb0, 0xb1])('is kept as it is at the end of a file that is read (INS %i)', async (ins) => {
      const command = ins === 0xb1 ? { ...read(ins), data: fromHex('54028000') } : read(ins);
      expect(await sendTo({ data, status: '6282' }, command)).toEqual(ok({ data, sw: 0x6282 }));
    });

    it.each([
      ['in the middle of a file', { data, status: '9000' }, read(0xb0)],
      ['in answer to another command', { data, status: '6282' }, selectCom],
      ['when it is not even whole blocks', { data: new Uint8Array(), status: '6282' }, read(0xb0)],
    ])('ends the session %s', async (_, answer, command) => {
      expect(await sendTo(answer, command)).toEqual({ ok: false, error: { kind: 'broken-response' } });
    });
  });

  it('ends the session at a response whose MAC is right and whose status is not protected', async () => {
    const [encryptionKey, macKey] = [new Uint8Array(16).fill(0x11), new Uint8Array(16).fill(0x22)];
    const chip = aesChip(encryptionKey, macKey, { data: fromHex('60'), status: '9000', statusTag: 0x81 });
    const channel = new SecureMessaging(openClearChannel(chip), {
      cipher: 'aes-128',
      encryptionKey: encryptionKey.slice(),
      macKey: macKey.slice(),
      counter: new Uint8Array(16),
    });
    expect(await channel.send(selectCom)).toEqual({ ok: false, error: { kind: 'broken-response' } });
  });

  it('carries its counter over from one byte to the next', async () => {
    const encryptionKey = new Uint8Array(16).fill(0x33);
    const macKey = new Uint8Array(16).fill(0x44);
    const chip = aesChip(encryptionKey, macKey, { data: fromHex('00'), status: '9000' });
    const channel = new SecureMessaging(openClearChannel(chip), {
      cipher: 'aes-128',
      encryptionKey: encryptionKey.slice(),
      macKey: macKey.slice(),
      counter: new Uint8Array(16),
    });
    for (let i = 0; i < 300; i++) {
      expect((await channel.send({ cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 1 })).ok).toBe(true);
    }
  });
});
