import { concat } from '../shared/bytes.js';

// The packets of CTAPHID, CTAP 2.1 section 11.2.4: 64 bytes, a message in as many of them as it takes.

/** The commands that this driver sends: none of them registers, signs or asks for a PIN by itself. */
export const hidCommand = {
  ping: 0x01,
  /** Carries a U2F message. */
  message: 0x03,
  init: 0x06,
  wink: 0x08,
  /** Carries a CTAP2 command. */
  cbor: 0x10,
  cancel: 0x11,
} as const;
export type HidCommand = (typeof hidCommand)[keyof typeof hidCommand];

/** What only a key sends. */
export const hidAnswer = { keepalive: 0x3b, error: 0x3f } as const;

/** On which a program asks for a channel of its own. */
export const broadcastChannel = 0xffff_ffff;

const packetBytes = 64;
const firstHeaderBytes = 7;
const nextHeaderBytes = 5;
const firstDataBytes = packetBytes - firstHeaderBytes;
const nextDataBytes = packetBytes - nextHeaderBytes;
/** Marks a message's first packet. */
const firstPacketBit = 0x80;
const lastSequence = 0x7f;

/** Bytes. */
export const longestHidMessage = firstDataBytes + (lastSequence + 1) * nextDataBytes;

function channelBytes(channel: number): Uint8Array {
  return Uint8Array.of(
    (channel >>> 24) & 0xff,
    (channel >>> 16) & 0xff,
    (channel >>> 8) & 0xff,
    channel & 0xff,
  );
}

export function channelOf(bytes: Uint8Array): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

function padded(...parts: readonly Uint8Array[]): Uint8Array {
  const packet = new Uint8Array(packetBytes);
  packet.set(concat(...parts));
  return packet;
}

/** A message as the packets that carry it. */
export function packetsOf(channel: number, command: HidCommand, data: Uint8Array): readonly Uint8Array[] {
  const header = Uint8Array.of(firstPacketBit | command, data.length >> 8, data.length & 0xff);
  const packets = [padded(channelBytes(channel), header, data.subarray(0, firstDataBytes))];
  for (let offset = firstDataBytes; offset < data.length; offset += nextDataBytes) {
    const sequence = Uint8Array.of(packets.length - 1);
    packets.push(padded(channelBytes(channel), sequence, data.subarray(offset, offset + nextDataBytes)));
  }
  return packets;
}

export interface HidMessage {
  readonly command: number;
  readonly data: Uint8Array;
}

/** Puts the messages of one channel together. Packets of other channels, and those out of their order, are skipped. */
export class MessageAssembler {
  readonly #channel: number;
  #command = 0;
  #data = new Uint8Array();
  #received = 0;
  /** Of the packet that is expected next; `undefined` between two messages. */
  #sequence: number | undefined;

  constructor(channel: number) {
    this.#channel = channel;
  }

  /** Whether a message has begun and not ended. */
  get begun(): boolean {
    return this.#sequence !== undefined;
  }

  /** The message that this packet completes; `too-long` for one that says to be longer than any can be. */
  push(packet: Uint8Array): HidMessage | 'too-long' | undefined {
    const kind = packet[4];
    if (packet.length !== packetBytes || kind === undefined || channelOf(packet) !== this.#channel) {
      return undefined;
    }
    if ((kind & firstPacketBit) !== 0) {
      const length = ((packet[5] ?? 0) << 8) | (packet[6] ?? 0);
      if (length > longestHidMessage) return 'too-long';
      this.#command = kind & ~firstPacketBit;
      this.#data = new Uint8Array(length);
      this.#received = 0;
      this.#sequence = 0;
      return this.#add(packet.subarray(firstHeaderBytes));
    }
    if (kind !== this.#sequence) return undefined;
    this.#sequence++;
    return this.#add(packet.subarray(nextHeaderBytes));
  }

  #add(bytes: Uint8Array): HidMessage | undefined {
    const part = bytes.subarray(0, this.#data.length - this.#received);
    this.#data.set(part, this.#received);
    this.#received += part.length;
    if (this.#received < this.#data.length) return undefined;
    this.#sequence = undefined;
    return { command: this.#command, data: this.#data };
  }
}
