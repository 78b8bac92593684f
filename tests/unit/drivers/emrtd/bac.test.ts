import { describe, expect, it } from 'vitest';
import { documentBasicAccessKeys, performBac } from '../../../../drivers/emrtd/bac.js';
import { openClearChannel } from '../../../../drivers/emrtd/command-channel.js';
import { concat, fromHex, toHex } from '../../../../drivers/shared/bytes.js';
import { retailMac, tripleDesCbc } from '../../../../drivers/shared/crypto/symmetric.js';
import { scriptedChip, scriptedRandom, type Exchange } from './scripted-chip.js';
import { bacExample } from './worked-examples.js';

const { key, challenge: getChallenge, authenticate } = bacExample;
const chipAnswer = authenticate[1].replace(/ /g, '').slice(0, 80);

function authenticateWith(answer: string, challenge: Exchange = getChallenge) {
  return performBac(
    openClearChannel(scriptedChip([challenge, [authenticate[0], answer]])),
    key,
    scriptedRandom(...bacExample.random),
  );
}

describe('basic access control', () => {
  it('derives the document basic access keys, Doc 9303 part 11 appendix D.2', () => {
    const { encryptionKey, macKey } = documentBasicAccessKeys(key);
    expect(toHex(encryptionKey)).toBe('AB94FDECF2674FDFB9B391F85D7F76F2');
    expect(toHex(macKey)).toBe('7962D9ECE03D1ACD4C76089DCE131543');
  });

  it('authenticates and agrees on session keys, Doc 9303 part 11 appendix D.3', async () => {
    const session = await authenticateWith(`${chipAnswer}9000`);
    if (!session.ok) throw new Error(session.error.kind);
    expect(session.value.cipher).toBe('3des');
    expect(toHex(session.value.encryptionKey)).toBe('979EC13B1CBFE9DCD01AB0FED307EAE5');
    expect(toHex(session.value.macKey)).toBe('F1CB1F1FB5ADF208806B89DC579DC1F8');
    expect(toHex(session.value.counter)).toBe('887022120C06C226');
  });

  it.each(['6300', '63C2'])('takes %s as a refused key without doubt', async (status) => {
    expect(await authenticateWith(status)).toEqual({
      ok: false,
      error: { kind: 'key-refused', certain: true },
    });
  });

  it.each(['6982', '6988', '6985', '6A80', '6F00', '6700'])(
    'takes %s as a refused key with doubt',
    async (status) => {
      expect(await authenticateWith(status)).toEqual({
        ok: false,
        error: { kind: 'key-refused', certain: false },
      });
    },
  );

  it.each(['6A88', '6D00', '6E00'])(
    'takes %s to the cryptogram as no basic access control',
    async (status) => {
      expect(await authenticateWith(status)).toEqual({ ok: false, error: { kind: 'not-offered' } });
    },
  );

  it.each(['6A88', '6985', '6D00'])(
    'takes %s to the challenge as no basic access control',
    async (status) => {
      expect(await authenticateWith(status, [getChallenge[0], status])).toEqual({
        ok: false,
        error: { kind: 'not-offered' },
      });
    },
  );

  it('does not accept a chip that answers with a wrong MAC, a wrong cryptogram or too little', async () => {
    const wrongMac = `${chipAnswer.slice(0, -2)}489000`;
    const wrongCryptogram = `47${chipAnswer.slice(2)}9000`;
    const cut = `${chipAnswer.slice(2)}9000`;
    for (const answer of [wrongMac, wrongCryptogram, cut, '9000']) {
      expect(await authenticateWith(answer)).toEqual({ ok: false, error: { kind: 'broken-response' } });
    }
  });

  it('does not accept an answer to another challenge, though its MAC is right', async () => {
    const { encryptionKey, macKey } = documentBasicAccessKeys(key);
    const zero = new Uint8Array(8);
    const plain = tripleDesCbc('decrypt', encryptionKey, zero, fromHex(chipAnswer.slice(0, 64)));
    for (const position of [0, 8]) {
      const other = plain.with(position, (plain[position] ?? 0) ^ 1);
      const cryptogram = tripleDesCbc('encrypt', encryptionKey, zero, other);
      const answer = toHex(concat(cryptogram, retailMac(macKey, cryptogram)));
      expect(await authenticateWith(`${answer}9000`)).toEqual({
        ok: false,
        error: { kind: 'broken-response' },
      });
    }
  });

  it('does not accept a challenge of another length', async () => {
    expect(await authenticateWith('9000', [getChallenge[0], '4608F9198870229000'])).toEqual({
      ok: false,
      error: { kind: 'broken-response' },
    });
  });
});
