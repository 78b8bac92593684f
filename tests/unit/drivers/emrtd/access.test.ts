import { describe, expect, it } from 'vitest';
import { ChipAccess } from '../../../../drivers/emrtd/access.js';
import { documentBasicAccessKeys } from '../../../../drivers/emrtd/bac.js';
import { openClearChannel } from '../../../../drivers/emrtd/command-channel.js';
import type { CheckRequest } from '../../../../drivers/emrtd/types.js';
import { fromHex, toHex } from '../../../../drivers/shared/bytes.js';
import { retailMac, tripleDesCbc } from '../../../../drivers/shared/crypto/symmetric.js';
import { scriptedChip, scriptedRandom, type Exchange } from './scripted-chip.js';
import { bacExample, paceExample } from './worked-examples.js';

const cardAccess = (answer: string): Exchange => ['00B09C0000', answer];
const selectMasterFile = (answer: string): Exchange => ['00A4000C023F00', answer];
const selectCardAccess = (answer: string): Exchange => ['00A4020C02011C', answer];
const readCardAccess = (answer: string): Exchange => ['00B0000000', answer];
const selectApplication = (answer = '9000'): Exchange => ['00A4040C07A0000002471001', answer];
/** SELECT of the application under the session keys of the PACE example, with the counter at 1 and 2. */
const selectProtected: Exchange = [
  '0CA4040C1D871101752F676B09FAC86A87D632749A49C7CC8E08C18BA1FCE707BD9F00',
  '990290008E08BEA7B381C494A0799000',
];
const bac: readonly Exchange[] = [bacExample.challenge, bacExample.authenticate];
const pace: readonly Exchange[] = [
  paceExample.template,
  paceExample.nonce,
  paceExample.mapping,
  paceExample.agreement,
  paceExample.token,
];
/** The cryptogram of a BAC with the key of the PACE example and the random numbers of the BAC example. */
function bacWithPaceKey(): string {
  const { encryptionKey, macKey } = documentBasicAccessKeys(paceExample.key);
  const [ownChallenge = '', ownKey = ''] = bacExample.random;
  const plain = fromHex(ownChallenge + bacExample.challenge[1].slice(0, 16) + ownKey);
  const cryptogram = tripleDesCbc('encrypt', encryptionKey, new Uint8Array(8), plain);
  return `0082000028${toHex(cryptogram)}${toHex(retailMac(macKey, cryptogram))}28`;
}
const offered = `${paceExample.cardAccess}9000`;
/** Integrated mapping and nothing else. */
const otherMapping = '31143012060A04007F0007020204040202010202010D9000';

async function open(
  exchanges: readonly Exchange[],
  {
    access = 'auto',
    example = bacExample,
  }: { access?: CheckRequest['access']; example?: { key: CheckRequest['key']; random: string[] } } = {},
) {
  const chip = scriptedChip(exchanges);
  const opener = new ChipAccess(
    openClearChannel(chip),
    { access, key: example.key },
    scriptedRandom(...example.random),
  );
  const discovered = await opener.discover();
  const opened = discovered.ok ? await opener.open(() => undefined) : discovered;
  // Every command of the script was sent, and none besides.
  expect(chip.sent).toHaveLength(exchanges.length);
  return { outcome: opened.ok ? opened.value.fact : opened.error, file: opener.cardAccessFact };
}

describe('opening a chip', () => {
  it('goes by PACE where the chip offers it, and selects the application afterwards', async () => {
    const { outcome, file } = await open([cardAccess(offered), ...pace, selectProtected], {
      example: paceExample,
    });
    expect(outcome).toEqual({
      protocol: 'pace',
      mapping: 'generic',
      keyAgreement: 'ecdh',
      cipher: 'aes-128',
      curve: 'brainpoolP256r1',
      password: 'mrz',
    });
    expect(file).toEqual({ file: 'EF.CardAccess', outcome: 'read', bytes: 22 });
  });

  it.each([
    ['6A82', 'absent'],
    ['6982', 'refused'],
    ['6D00', 'refused'],
    ['616263649000', 'damaged'],
    [otherMapping, 'read'],
  ])('goes by BAC where EF.CardAccess answers %s (%s)', async (answer, told) => {
    const { outcome, file } = await open([cardAccess(answer), selectApplication(), ...bac]);
    expect(outcome).toEqual({ protocol: 'bac', cipher: '3des', afterPaceFailed: false });
    expect(file?.outcome).toBe(told);
  });

  it('does not look for EF.CardAccess when told to use BAC', async () => {
    const { outcome, file } = await open([selectApplication(), ...bac], { access: 'bac' });
    expect(outcome).toMatchObject({ protocol: 'bac' });
    expect(file).toBeUndefined();
  });

  it('goes by BAC after a PACE that failed for another reason than the key, and says so', async () => {
    const { outcome } = await open([
      cardAccess(offered),
      [paceExample.template[0], '6A80'],
      selectApplication(),
      ...bac,
    ]);
    expect(outcome).toEqual({ protocol: 'bac', cipher: '3des', afterPaceFailed: true });
  });

  it('does not try BAC after a PACE that refused the key', async () => {
    const { outcome } = await open(
      [cardAccess(offered), ...pace.slice(0, 4), [paceExample.token[0], '6300']],
      { example: paceExample },
    );
    expect(outcome).toEqual({ kind: 'wrong-key', certain: true });
  });

  it('does not try BAC when told to use PACE', async () => {
    const { outcome } = await open([cardAccess(offered), [paceExample.template[0], '6A80']], {
      access: 'pace',
    });
    expect(outcome).toEqual({ kind: 'access-failed', status: 0x6a80 });
  });

  it('tells why PACE failed when there is no BAC either', async () => {
    const { outcome } = await open([
      cardAccess(offered),
      [paceExample.template[0], '6A80'],
      selectApplication('6A82'),
    ]);
    expect(outcome).toEqual({ kind: 'access-failed', status: 0x6a80 });
  });

  it.each(['6300', '63C2'])('takes %s to BAC as a wrong key at once', async (status) => {
    const { outcome } = await open([
      cardAccess('6A82'),
      selectApplication(),
      bacExample.challenge,
      [bacExample.authenticate[0], status],
    ]);
    expect(outcome).toEqual({ kind: 'wrong-key', certain: true });
  });

  it.each(['6982', '6985', '6A80', '6F00'])(
    'takes %s to BAC as a wrong key when the master file has no EF.CardAccess',
    async (status) => {
      const { outcome } = await open([
        cardAccess('6982'),
        selectApplication(),
        bacExample.challenge,
        [bacExample.authenticate[0], status],
        selectMasterFile('9000'),
        selectCardAccess('6A82'),
      ]);
      expect(outcome).toMatchObject({ kind: 'wrong-key' });
    },
  );

  it.each(['6985', '6A88'])(
    'goes by PACE where BAC answers %s and the selected master file shows EF.CardAccess',
    async (status) => {
      const { outcome } = await open(
        [
          cardAccess('6A82'),
          selectApplication(),
          bacExample.challenge,
          [bacWithPaceKey(), status],
          selectMasterFile('9000'),
          selectCardAccess('9000'),
          readCardAccess(offered),
          ...pace,
          selectProtected,
        ],
        { example: { key: paceExample.key, random: [...bacExample.random, ...paceExample.random] } },
      );
      expect(outcome).toMatchObject({ protocol: 'pace' });
    },
  );

  describe('that shows EF.CardAccess in a selected master file only', () => {
    // Doc 9303 part 11 leaves open what such chips answer to a BAC that they do not have.
    const refusals: readonly (readonly [string, readonly Exchange[]])[] = [
      ['SELECT with 6982', [selectApplication('6982')]],
      ['SELECT with 6985', [selectApplication('6985')]],
      ['SELECT with 6A82', [selectApplication('6A82')]],
      ['GET CHALLENGE with 6A88', [selectApplication(), [bacExample.challenge[0], '6A88']]],
      ['GET CHALLENGE with 6985', [selectApplication(), [bacExample.challenge[0], '6985']]],
    ];

    it.each(refusals)('goes by PACE after refusing %s', async (_, refused) => {
      const { outcome, file } = await open(
        [
          cardAccess('6A86'),
          ...refused,
          selectMasterFile('9000'),
          selectCardAccess('9000'),
          readCardAccess(offered),
          ...pace,
          selectProtected,
        ],
        { example: paceExample },
      );
      expect(outcome).toMatchObject({ protocol: 'pace' });
      expect(file?.outcome).toBe('read');
    });

    it.each(['6985', '6A86', '6A87', '6D00'])(
      'may refuse SELECT of the master file with %s',
      async (status) => {
        const { outcome } = await open(
          [
            cardAccess('6A82'),
            selectApplication('6982'),
            selectMasterFile(status),
            selectCardAccess('9000'),
            readCardAccess(offered),
            ...pace,
            selectProtected,
          ],
          { example: paceExample },
        );
        expect(outcome).toMatchObject({ protocol: 'pace' });
      },
    );

    it('goes there at once when told to use PACE', async () => {
      const { outcome } = await open(
        [
          cardAccess('6A82'),
          selectApplication(),
          selectMasterFile('9000'),
          selectCardAccess('9000'),
          readCardAccess(offered),
          ...pace,
          selectProtected,
        ],
        { access: 'pace', example: paceExample },
      );
      expect(outcome).toMatchObject({ protocol: 'pace' });
    });
  });

  const nothingThere = [selectMasterFile('6D00'), selectCardAccess('6A82')];

  it.each(['6A82', '6A86', '6D00', '6E00'])(
    'is no travel document when it answers %s to the application and has no EF.CardAccess',
    async (status) => {
      const { outcome } = await open([cardAccess('6D00'), selectApplication(status), ...nothingThere]);
      expect(outcome).toEqual({ kind: 'not-a-travel-document' });
    },
  );

  it('is no travel document either when told to use PACE', async () => {
    const { outcome } = await open([cardAccess('6A82'), selectApplication('6A82'), ...nothingThere], {
      access: 'pace',
    });
    expect(outcome).toEqual({ kind: 'not-a-travel-document' });
  });

  it.each([
    ['BAC only, told to use PACE', 'pace', [cardAccess('6A82'), selectApplication(), ...nothingThere]],
    ['PACE only, told to use BAC', 'bac', [selectApplication('6982')]],
    [
      'no BAC and an unknown way of PACE',
      'auto',
      [cardAccess(otherMapping), selectApplication(), [bacExample.challenge[0], '6A88']],
    ],
    [
      'an unknown way of PACE and no application yet',
      'auto',
      [cardAccess(otherMapping), selectApplication('6A82')],
    ],
  ] as const)('is not possible for %s', async (_, access, exchanges) => {
    const { outcome } = await open(exchanges, { access });
    expect(outcome).toEqual({ kind: 'unsupported-access' });
  });

  it('stops wherever the card goes', async () => {
    const script = [cardAccess(offered), ...pace, selectProtected];
    for (let length = 0; length < script.length; length++) {
      const chip = scriptedChip(script.slice(0, length));
      const opener = new ChipAccess(
        openClearChannel(chip),
        { access: 'auto', key: paceExample.key },
        scriptedRandom(...paceExample.random),
      );
      const discovered = await opener.discover();
      const opened = discovered.ok ? await opener.open(() => undefined) : discovered;
      expect(opened).toEqual({ ok: false, error: { kind: 'card-removed' } });
      expect(chip.sent).toHaveLength(length + 1);
    }
  });
});
