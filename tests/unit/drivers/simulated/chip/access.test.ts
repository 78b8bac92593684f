import { describe, expect, it } from 'vitest';
import type { ChipContents, PaceOffer } from '../../../../../drivers/simulated/chip/contents.js';
import { chipWith, contents, exchange, files, openTerminal, selectApplication } from './terminal.js';

const key = contents().key;
const generalMapping = '800A04007F000702020402';
const p256: PaceOffer = { parameterId: 12, cipher: 'aes-128' };
const wrongCryptogram = `0082000028${'11'.repeat(40)}28`;

describe('basic access control', () => {
  it('gives a challenge of 8 bytes, another one each time', async () => {
    const chip = chipWith();
    const first = await exchange(chip, '0084000008');
    expect(first).toMatch(/^[0-9A-F]{16}9000$/);
    expect(await exchange(chip, '0084000008')).not.toBe(first);
    expect(await exchange(chip, '0084000010')).toBe('6700');
  });

  it('refuses a wrong cryptogram with 6300 and may be tried again with a new challenge', async () => {
    const chip = chipWith();
    await exchange(chip, selectApplication);
    await exchange(chip, '0084000008');
    expect(await exchange(chip, wrongCryptogram)).toBe('6300');
    expect(await exchange(chip, wrongCryptogram)).toBe('6985');
    await exchange(chip, '0084000008');
    expect(await exchange(chip, wrongCryptogram)).toBe('6300');
  });

  it('is not known to a document that opens by PACE only', async () => {
    const chip = chipWith({ bac: false, pace: [p256] });
    await exchange(chip, selectApplication);
    await exchange(chip, '0084000008');
    expect(await exchange(chip, wrongCryptogram)).toBe('6A88');
  });

  it.each([
    ['a short document number', { documentNumber: 'A1', birthDate: '690806', expiryDate: '940623' }],
    ['a long document number', { documentNumber: 'D23145890734', birthDate: '340712', expiryDate: '950712' }],
    ['an unknown day of birth', { documentNumber: 'L898902C', birthDate: '6908<<', expiryDate: '940623' }],
  ])('opens with %s', async (_, made) => {
    const terminal = await openTerminal(contents({ key: made }), 'bac');
    expect(await terminal.send({ p1: 0x9e, le: 256 })).toEqual({ data: files.com, sw: '9000' });
  });

  it('does not open with the printed key when the chip holds another one', async () => {
    const opening = openTerminal(contents(), 'bac', { fault: { kind: 'wrong-key' } });
    await expect(opening).rejects.toThrow('key-refused');
  });
});

describe('PACE', () => {
  const curves = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18].map((parameterId): PaceOffer => ({
    parameterId,
    cipher: 'aes-128',
  }));
  const ciphers = (['3des', 'aes-192', 'aes-256'] as const).map((cipher): PaceOffer => ({
    parameterId: 13,
    cipher,
  }));

  it.each([...curves, ...ciphers])('opens with parameters $parameterId and $cipher', async (offer) => {
    const terminal = await openTerminal(contents({ pace: [offer] }), { kind: 'mrz', key });
    expect(await terminal.send({ p1: 0x81, le: 256 })).toEqual({ data: files.dg1, sw: '9000' });
  });

  it('opens with the card access number', async () => {
    const document = contents({ pace: [p256], can: '500540' });
    const terminal = await openTerminal(document, { kind: 'can', can: '500540' });
    expect((await terminal.send({ p1: 0x81, le: 256 })).sw).toBe('9000');
    await expect(openTerminal(document, { kind: 'can', can: '500541' })).rejects.toThrow('wrong-key');
  });

  it.each([56, 253, 716, 767])('counts leading zeros of the shared secret in (seed %i)', async (seed) => {
    const document = contents({ pace: [{ parameterId: 8, cipher: 'aes-128' }] });
    const terminal = await openTerminal(document, { kind: 'mrz', key }, { seed });
    expect((await terminal.send({ p1: 0x81, le: 256 })).sw).toBe('9000');
  });

  it('does not open with what is printed when the chip holds another key', async () => {
    const document = contents({ pace: [p256], can: '500540' });
    const fault = { kind: 'wrong-key' } as const;
    await expect(openTerminal(document, { kind: 'mrz', key }, { fault })).rejects.toThrow('wrong-key');
    await expect(openTerminal(document, { kind: 'can', can: '500540' }, { fault })).rejects.toThrow(
      'wrong-key',
    );
  });

  async function answerTo(command: string, document: Partial<ChipContents>): Promise<string> {
    return exchange(chipWith(document), command);
  }

  it('asks which parameters are meant when it offers the same protocol on several curves', async () => {
    const pace: PaceOffer[] = [p256, { parameterId: 13, cipher: 'aes-128' }];
    expect(await answerTo(`0022C1A40F${generalMapping}02830101`, { pace })).toBe('6A80');
    expect(await answerTo(`0022C1A412${generalMapping}0283010184010D`, { pace })).toBe('9000');
    expect(await answerTo(`0022C1A412${generalMapping}0283010184010E`, { pace })).toBe('6A88');
  });

  it('refuses protocols and passwords that the document does not have', async () => {
    expect(await answerTo(`0022C1A40F${generalMapping}04830101`, { pace: [p256] })).toBe('6A80');
    expect(await answerTo(`0022C1A40F${generalMapping}02830102`, { pace: [p256] })).toBe('6A88');
    expect(await answerTo(`0022C1A40F${generalMapping}02830103`, { pace: [p256] })).toBe('6A88');
    expect(await answerTo(`002241A40F${generalMapping}02830101`, { pace: [p256] })).toBe('6A86');
    expect(await answerTo(`0022C1A40F${generalMapping}02830101`, { pace: [] })).toBe('6D00');
  });

  it('starts anew when a command is out of turn', async () => {
    const chip = chipWith({ pace: [p256] });
    const set = `0022C1A40F${generalMapping}02830101`;
    expect(await exchange(chip, '10860000027C0000')).toBe('6985');
    await exchange(chip, set);
    expect(await exchange(chip, '00860000027C0000')).toBe('6985');
    await exchange(chip, set);
    expect(await exchange(chip, '10860000027C0000')).toMatch(/^7C128010.{32}9000$/);
    expect(await exchange(chip, '10860000027C0000')).toBe('6A80');
    expect(await exchange(chip, '10860000027C0000')).toBe('6985');
    await exchange(chip, set);
    await exchange(chip, selectApplication);
    expect(await exchange(chip, '10860000027C0000')).toBe('6985');
  });

  it('takes no point that is not on the curve', async () => {
    const chip = chipWith({ pace: [p256] });
    await exchange(chip, `0022C1A40F${generalMapping}02830101`);
    await exchange(chip, '10860000027C0000');
    expect(await exchange(chip, `10860000457C43814104${'17'.repeat(64)}00`)).toBe('6A80');
  });
});
