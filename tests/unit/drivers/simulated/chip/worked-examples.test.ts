import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../../../drivers/shared/bytes.js';
import { encodeCardAccess } from '../../../../../drivers/simulated/chip/card-access.js';
import { SimulatedChip } from '../../../../../drivers/simulated/chip/chip.js';
import { scriptedRandom } from '../../emrtd/scripted-chip.js';
import { contents, exchange, selectApplication } from './terminal.js';

const squeeze = (hex: string) => toHex(fromHex(hex));

describe('basic access control and secure messaging with 3DES', () => {
  it('answers each command of Doc 9303 part 11 appendices D.3 and D.4 with the bytes printed there', async () => {
    const chip = new SimulatedChip(
      contents(),
      { kind: 'none' },
      { random: scriptedRandom('4608F91988702212', '0B4F80323EB3191CB04970CB4052790B') },
    );
    const steps: readonly (readonly [command: string, response: string])[] = [
      [selectApplication, '9000'],
      ['0084000008', '4608F919887022129000'],
      [
        '0082000028 72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2 5F1448EEA8AD90A7 28',
        '46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F 2F2D235D074D7449 9000',
      ],
      ['0CA4020C15 8709016375432908C044F6 8E08BF8B92D635FF24F8 00', '99029000 8E08FA855A5D4C50A8ED 9000'],
      [
        '0CB000000D 970104 8E08ED6705417E96BA55 00',
        '8709019FF0EC34F9922651 99029000 8E08AD55CC17140B2DED 9000',
      ],
      [
        '0CB000040D 970112 8E082EA28A70F3C7B535 00',
        '871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A 99029000 8E08C8B2787EAEA07D74 9000',
      ],
    ];
    for (const [command, response] of steps) expect(await exchange(chip, command)).toBe(squeeze(response));
  });
});

describe('PACE with ECDH, generic mapping, brainpoolP256r1 and AES-128', () => {
  const mappingKey =
    '7ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E' +
    '544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D';
  const agreementKey =
    '2DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C' +
    '3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462';
  const document = contents({
    key: { documentNumber: 'T22000129', birthDate: '640812', expiryDate: '101031' },
    pace: [{ parameterId: 13, cipher: 'aes-128' }],
  });
  const example = () =>
    new SimulatedChip(
      document,
      { kind: 'none' },
      {
        random: scriptedRandom(
          '3F00C4D39D153F2B2A214A078D899B22',
          '498FF49756F2DC1587840041839A85982BE7761D14715FB091EFA7BCE9058560',
          '107CF58696EF6155053340FD633392BA81909DF7B9706F226F32086C7AFF974A',
        ),
      },
    );

  it('offers it in EF.CardAccess as printed in appendix G.1', () => {
    expect(toHex(encodeCardAccess(document.pace))).toBe('31143012060A04007F0007020204020202010202010D');
  });

  it('answers each command of Doc 9303 part 11 appendix G.1 with the bytes printed there', async () => {
    const chip = example();
    const steps: readonly (readonly [command: string, response: string])[] = [
      ['0022C1A40F 800A04007F00070202040202 830101', '9000'],
      ['1086000002 7C00 00', '7C12 8010 95A3A016522EE98D01E76CB6B98B42C3 9000'],
      [
        `1086000045 7C43 8141 04${mappingKey} 00`,
        '7C43 8241 04 824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57' +
          '30D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C54 9000',
      ],
      [
        `1086000045 7C43 8341 04${agreementKey} 00`,
        '7C43 8441 04 9E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB' +
          '7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F094 9000',
      ],
      ['008600000C 7C0A 8508C2B0BD78D94BA866 00', '7C0A 8608 3ABB9674BCE93C08 9000'],
    ];
    for (const [command, response] of steps) expect(await exchange(chip, command)).toBe(squeeze(response));
  });

  it('refuses another token than the printed one, and stays closed', async () => {
    const chip = example();
    await exchange(chip, '0022C1A40F 800A04007F00070202040202 830101');
    await exchange(chip, '1086000002 7C00 00');
    await exchange(chip, `1086000045 7C43 8141 04${mappingKey} 00`);
    await exchange(chip, `1086000045 7C43 8341 04${agreementKey} 00`);
    expect(await exchange(chip, '008600000C 7C0A 8508C2B0BD78D94BA867 00')).toBe('6300');
    expect(await exchange(chip, '008600000C 7C0A 8508C2B0BD78D94BA866 00')).toBe('6985');
    await exchange(chip, selectApplication);
    expect(await exchange(chip, '00B0810000')).toBe('6982');
  });
});
