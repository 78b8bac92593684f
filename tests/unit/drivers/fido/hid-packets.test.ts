import { describe, expect, it } from 'vitest';
import {
  hidCommand,
  longestHidMessage,
  MessageAssembler,
  packetsOf,
} from '../../../../drivers/fido/hid-packets.js';
import { fromHex, toHex } from '../../../../drivers/shared/bytes.js';

const channel = 0x0a0b0c0d;
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i & 0xff);

function assembled(packets: readonly Uint8Array[]) {
  const assembler = new MessageAssembler(channel);
  return packets.map((packet) => assembler.push(packet));
}

describe('packets of a key', () => {
  it('are laid out as CTAP 2.1 section 11.2.4 has it', () => {
    const [first, second, ...rest] = packetsOf(channel, hidCommand.ping, bytes(58));
    expect(toHex(first!)).toBe('0A0B0C0D' + '81' + '003A' + toHex(bytes(57)));
    expect(toHex(second!)).toBe('0A0B0C0D' + '00' + '39' + '00'.repeat(58));
    expect(rest).toEqual([]);
  });

  it.each([0, 1, 57, 58, 116, 117, 1200, 7609])('carry a message of %i bytes whole', (length) => {
    const messages = assembled(packetsOf(channel, hidCommand.cbor, bytes(length)));
    expect(messages.at(-1)).toEqual({ command: 0x10, data: bytes(length) });
    expect(messages.slice(0, -1).every((message) => message === undefined)).toBe(true);
  });

  it('fill 129 of them at the longest', () => {
    expect(longestHidMessage).toBe(7609);
    expect(packetsOf(channel, hidCommand.ping, bytes(7609))).toHaveLength(129);
  });

  it('of other channels, out of order, or of another length are skipped', () => {
    const [first, second, third] = packetsOf(channel, hidCommand.ping, bytes(150));
    const [foreign] = packetsOf(channel + 1, hidCommand.ping, bytes(3));
    const messages = assembled([
      second!,
      first!,
      third!,
      foreign!,
      second!.subarray(1),
      second!,
      second!,
      third!,
    ]);
    expect(messages.slice(0, -1).every((message) => message === undefined)).toBe(true);
    expect(messages.at(-1)).toEqual({ command: 1, data: bytes(150) });
  });

  it('of a new message take the place of one that was broken off', () => {
    const [begun] = packetsOf(channel, hidCommand.ping, bytes(100));
    const whole = packetsOf(channel, hidCommand.wink, bytes(2));
    expect(assembled([begun!, ...whole]).at(-1)).toEqual({ command: 8, data: bytes(2) });
  });

  it('that claim more than a message can hold are refused', () => {
    const packet = new Uint8Array(64);
    packet.set(fromHex('0A0B0C0D 90 1DBA'));
    expect(assembled([packet])).toEqual(['too-long']);
  });
});
