import { describe, expect, it } from 'vitest';
import { choosePace, parseCardAccess } from '../../../../drivers/emrtd/card-access.js';
import { openClearChannel } from '../../../../drivers/emrtd/command-channel.js';
import { derivePasswordKey, performPace } from '../../../../drivers/emrtd/pace.js';
import { fromHex, toHex } from '../../../../drivers/shared/bytes.js';
import { encodeTlv } from '../../../../drivers/shared/tlv.js';
import { scriptedChip, scriptedRandom, type Exchange } from './scripted-chip.js';
import { paceExample } from './worked-examples.js';

const { key, cardAccess, random, ownKey, chipMappingKey: chipMapping } = paceExample;
const { template, nonce, mapping, agreement, token } = paceExample;
const transcript = { template, nonce, mapping, agreement, token };

function offer(file = cardAccess) {
  const choice = choosePace(parseCardAccess(fromHex(file)) ?? []);
  if (choice === undefined) throw new Error('nothing to choose');
  return choice;
}

async function run(changes: Partial<Record<keyof typeof transcript, Exchange>> = {}, choice = offer()) {
  const chip = scriptedChip(Object.values({ ...transcript, ...changes }));
  const progress: number[] = [];
  const session = await performPace(
    openClearChannel(chip),
    choice,
    { kind: 'mrz', key },
    scriptedRandom(...random),
    (fraction) => progress.push(fraction),
  );
  return { session, progress, sent: chip.sent };
}

describe('PACE with ECDH and generic mapping', () => {
  it('derives the key of the password from the MRZ, Doc 9303 part 11 appendix G.1', () => {
    expect(toHex(derivePasswordKey({ kind: 'mrz', key }, 'aes-128'))).toBe(
      '89DED1B26624EC1E634C1989302849DD',
    );
  });

  it('replays the worked example to its session keys, Doc 9303 part 11 appendix G.1', async () => {
    const { session, progress } = await run();
    if (!session.ok) throw new Error(session.error.kind);
    expect(session.value.cipher).toBe('aes-128');
    expect(toHex(session.value.encryptionKey)).toBe('F5F0E35C0D7161EE6724EE513A0D9A7F');
    expect(toHex(session.value.macKey)).toBe('FE251C7858B356B24514B3BD5F4297D1');
    expect(toHex(session.value.counter)).toBe('00'.repeat(16));
    expect(progress).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
  });

  it('names the parameters when the chip offers several ways', async () => {
    const several = '31283012060A04007F0007020204020202010202010D3012060A04007F0007020204020202010202010C';
    const { session } = await run(
      { template: ['0022C1A412800A04007F0007020204020283010184010D', '9000'] },
      offer(several),
    );
    expect(session.ok).toBe(true);
  });

  it('uses the card access number where it is the password', async () => {
    const chip = scriptedChip([['0022C1A40F800A04007F00070202040202830102', '6A88']]);
    const password = { kind: 'can', can: '123456' } as const;
    expect(
      await performPace(openClearChannel(chip), offer(), password, scriptedRandom(), () => undefined),
    ).toEqual({
      ok: false,
      error: { kind: 'pace-failed', status: 0x6a88 },
    });
  });

  it('goes on where the chip only counts the tries that are left', async () => {
    const { session } = await run({ template: [transcript.template[0], '63C2'] });
    expect(session.ok).toBe(true);
  });

  it.each(['6300', '63C1', '6982', '6988'])('takes %s to the token as a wrong key', async (status) => {
    const { session } = await run({ token: [transcript.token[0], status] });
    expect(session).toEqual({ ok: false, error: { kind: 'wrong-key' } });
  });

  it('fails when the chip cannot show that it knows the password', async () => {
    const { session } = await run({ token: [transcript.token[0], '7C0A86083ABB9674BCE93C099000'] });
    expect(session).toEqual({ ok: false, error: { kind: 'pace-failed', status: undefined } });
  });

  it('does not let the chip send our own key back', async () => {
    const { session } = await run({ agreement: [transcript.agreement[0], `7C438441${ownKey}9000`] });
    expect(session).toEqual({ ok: false, error: { kind: 'pace-failed', status: undefined } });
  });

  it.each([
    ['off the curve', `${chipMapping.slice(0, -2)}55`],
    ['at infinity', '00'.repeat(65)],
    ['in another form', `02${chipMapping.slice(2)}`],
  ])('does not calculate with a point %s', async (_, point) => {
    const { session, sent } = await run({ mapping: [transcript.mapping[0], `7C438241${point}9000`] });
    expect(session).toEqual({ ok: false, error: { kind: 'pace-failed', status: undefined } });
    expect(sent).toHaveLength(3);
  });

  it.each([
    ['no nonce', '9000'],
    ['half a block of nonce', '7C0A800895A3A016522EE98D9000'],
    ['a nonce under another tag', '7C12811095A3A016522EE98D01E76CB6B98B42C39000'],
    ['a cut template', '7C12801095A39000'],
  ])('fails on %s', async (_, answer) => {
    const { session } = await run({ nonce: [transcript.nonce[0], answer] });
    expect(session).toEqual({ ok: false, error: { kind: 'pace-failed', status: undefined } });
  });
});

function securityInfos(...infos: readonly (readonly [protocol: string, ...integers: number[]])[]) {
  const encoded = infos.map(([protocol, ...integers]) =>
    encodeTlv(
      0x30,
      encodeTlv(0x06, fromHex(protocol)),
      ...integers.map((integer) => encodeTlv(0x02, Uint8Array.of(integer))),
    ),
  );
  return encodeTlv(0x31, ...encoded);
}

describe('EF.CardAccess', () => {
  it('tells of each way of PACE, in the order of the chip', () => {
    const infos = parseCardAccess(
      securityInfos(
        ['04007F00070202030202', 2], // chip authentication: no way of PACE
        ['04007F00070202040102', 2, 2],
        ['04007F00070202040304', 2, 12],
        ['04007F00070202040602', 2, 13],
        ['04007F00070202040201', 2],
        ['04007F00070202040202', 1, 13], // of a version that was never issued
      ),
    );
    expect(
      infos?.map(({ keyAgreement, mapping, cipher, parameterId }) => [
        keyAgreement,
        mapping,
        cipher,
        parameterId,
      ]),
    ).toEqual([
      ['dh', 'generic', 'aes-128', 2],
      ['dh', 'integrated', 'aes-256', 12],
      ['ecdh', 'chip-authentication', 'aes-128', 13],
      ['ecdh', 'generic', '3des', undefined],
    ]);
  });

  it('offers nothing that this program knows when there is no ECDH with generic mapping', () => {
    expect(
      choosePace(parseCardAccess(fromHex('31143012060A04007F00070202040102020102020102')) ?? []),
    ).toBeUndefined();
  });

  it('lets the strongest cipher win, and the order of the chip between equals', () => {
    const file = toHex(
      securityInfos(
        ['04007F00070202040202', 2, 12],
        ['04007F00070202040204', 2, 13],
        ['04007F00070202040204', 2, 16],
      ),
    );
    expect(offer(file)).toMatchObject({
      info: { cipher: 'aes-256', parameterId: 13 },
      curve: { name: 'brainpoolP256r1' },
      nameParameters: true,
    });
  });

  it.each(['', '31', '3000', '3103300106', '6100'])('that holds %s offers nothing', (file) => {
    expect(parseCardAccess(fromHex(file)) ?? []).toEqual([]);
  });
});
