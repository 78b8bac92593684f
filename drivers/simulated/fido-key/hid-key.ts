import { concat } from '../../shared/bytes.js';
import { type Clock, systemClock } from '../../shared/clock.js';
import { Authenticator } from './authenticator.js';
import type { DemoKey } from './types.js';

// The key's side of CTAPHID, CTAP 2.1 section 11.2.

const reportBytes = 64;
const broadcast = 0xffff_ffff;
const longestMessage = 7609;
const command = {
  ping: 0x01,
  message: 0x03,
  init: 0x06,
  wink: 0x08,
  cbor: 0x10,
  cancel: 0x11,
  keepalive: 0x3b,
  error: 0x3f,
} as const;
const errorCode = {
  invalidCommand: 0x01,
  invalidLength: 0x03,
  invalidSequence: 0x04,
  timeout: 0x05,
  channelBusy: 0x06,
  invalidChannel: 0x0b,
} as const;
const protocolVersion = 2;
const deviceVersion = [1, 2, 3] as const;
const capability = { wink: 0x01, cbor: 0x04 } as const;
const keepaliveProcessing = 0x01;
/** A message whose next packet does not come within this time is dropped, ms. */
const packetDeadlineMs = 500;
/** How long GetInfo takes, with a sign of life in the middle, ms. */
const workMs = 40;

interface Incoming {
  readonly channel: number;
  readonly command: number;
  readonly length: number;
  data: Uint8Array;
  sequence: number;
}

export interface HidKeyOptions {
  /** How long it takes for the echo of a PING, ms. */
  readonly echoMs?: number;
}

/** A FIDO key in a USB socket: takes reports of 64 bytes and gives some back. It holds nothing and signs nothing. */
export class HidKey {
  readonly #authenticator: Authenticator;
  readonly #clock: Clock;
  #onReport: (report: Uint8Array) => void = () => undefined;
  #onLeave: () => void = () => undefined;
  #channels = 0;
  #incoming: Incoming | undefined;
  #cancelTimer: () => void = () => undefined;
  readonly #echoMs: number;
  /** The command that is carried out, and its channel. */
  #working: { readonly channel: number; readonly command: number } | undefined;
  #gone = false;
  /** How often it was made to blink. */
  winks = 0;

  constructor(
    kind: Exclude<DemoKey, 'not-a-key'>,
    clock: Clock = systemClock,
    { echoMs = 0 }: HidKeyOptions = {},
  ) {
    this.#authenticator = new Authenticator(kind);
    this.#clock = clock;
    this.#echoMs = echoMs;
  }

  onReport(callback: (report: Uint8Array) => void): void {
    this.#onReport = callback;
  }

  /** Called when a torn key leaves in the middle of an answer. */
  onLeave(callback: () => void): void {
    this.#onLeave = callback;
  }

  /** Taken out: no timer goes on. */
  unplug(): void {
    this.#gone = true;
    this.#cancelTimer();
  }

  receive(report: Uint8Array): void {
    if (this.#gone || this.#authenticator.kind === 'silent' || report.length !== reportBytes) return;
    const view = new DataView(report.buffer, report.byteOffset, report.length);
    const channel = view.getUint32(0);
    const kind = view.getUint8(4);
    if ((kind & 0x80) === 0) this.#receiveNext(channel, kind, report.subarray(5));
    else this.#receiveFirst(channel, kind & 0x7f, view.getUint16(5), report.subarray(7));
  }

  #receiveFirst(channel: number, kind: number, length: number, data: Uint8Array): void {
    if (kind === command.cancel) {
      // Only a CTAP2 command can be called off, section 11.2.9.1.5.
      if (channel === this.#working?.channel && this.#working.command === command.cbor) this.#stopWorking();
      return;
    }
    const isInit = kind === command.init;
    if (
      channel === 0 ||
      (channel === broadcast && !isInit) ||
      (channel !== broadcast && channel > this.#channels)
    ) {
      this.#error(channel, errorCode.invalidChannel);
      return;
    }
    // INIT on a channel of its own takes it to its beginning, section 11.2.9.1.3.
    if (isInit && this.#incoming?.channel === channel) this.#drop();
    if (isInit && this.#working?.channel === channel) this.#stopWorking();
    const other = (this.#working ?? this.#incoming)?.channel;
    if (other !== undefined && other !== channel) {
      this.#error(channel, errorCode.channelBusy);
      return;
    }
    if (other !== undefined) {
      this.#drop();
      this.#error(channel, errorCode.invalidSequence);
      return;
    }
    if (length > longestMessage) {
      this.#error(channel, errorCode.invalidLength);
      return;
    }
    this.#incoming = { channel, command: kind, length, data: data.slice(0, length), sequence: 0 };
    this.#goOn(this.#incoming);
  }

  #receiveNext(channel: number, sequence: number, data: Uint8Array): void {
    const incoming = this.#incoming;
    // Packets of no message are ignored, section 11.2.5.4.
    if (incoming?.channel !== channel) return;
    if (sequence !== incoming.sequence) {
      this.#drop();
      this.#error(channel, errorCode.invalidSequence);
      return;
    }
    incoming.sequence++;
    incoming.data = concat(incoming.data, data.subarray(0, incoming.length - incoming.data.length));
    this.#goOn(incoming);
  }

  #goOn(incoming: Incoming): void {
    this.#cancelTimer();
    if (incoming.data.length >= incoming.length) {
      this.#incoming = undefined;
      this.#carryOut(incoming);
      return;
    }
    this.#cancelTimer = this.#clock.after(packetDeadlineMs, () => {
      this.#incoming = undefined;
      this.#error(incoming.channel, errorCode.timeout);
    });
  }

  #drop(): void {
    this.#cancelTimer();
    this.#incoming = undefined;
  }

  #carryOut({ channel, command: kind, data }: Incoming): void {
    switch (kind) {
      case command.init:
        this.#init(channel, data);
        return;
      case command.ping:
        this.#echo(channel, data);
        return;
      case command.message:
        this.#send(channel, kind, this.#authenticator.u2f(data));
        return;
      case command.wink:
        this.winks++;
        this.#send(channel, kind, new Uint8Array());
        return;
      case command.cbor:
        if (this.#authenticator.knowsCtap2) this.#work(channel, data);
        else this.#error(channel, errorCode.invalidCommand);
        return;
      default:
        this.#error(channel, errorCode.invalidCommand);
    }
  }

  #init(channel: number, nonce: Uint8Array): void {
    if (nonce.length !== 8) {
      this.#error(channel, errorCode.invalidLength);
      return;
    }
    const own = channel === broadcast ? ++this.#channels : channel;
    const capabilities = capability.wink | (this.#authenticator.knowsCtap2 ? capability.cbor : 0);
    const answer = Uint8Array.of(...bigEndian(own), protocolVersion, ...deviceVersion, capabilities);
    this.#send(channel, command.init, concat(nonce, answer));
  }

  #echo(channel: number, data: Uint8Array): void {
    if (this.#echoMs === 0) {
      this.#send(channel, command.ping, data);
      return;
    }
    this.#working = { channel, command: command.ping };
    this.#cancelTimer = this.#clock.after(this.#echoMs, () => {
      this.#working = undefined;
      this.#send(channel, command.ping, data);
    });
  }

  #work(channel: number, request: Uint8Array): void {
    this.#working = { channel, command: command.cbor };
    const half = workMs / 2;
    this.#cancelTimer = this.#clock.after(half, () => {
      this.#send(channel, command.keepalive, Uint8Array.of(keepaliveProcessing));
      this.#cancelTimer = this.#clock.after(half, () => {
        this.#working = undefined;
        this.#send(channel, command.cbor, this.#authenticator.cbor(request));
      });
    });
  }

  #stopWorking(): void {
    const stopped = this.#working;
    if (stopped === undefined) return;
    this.#cancelTimer();
    this.#working = undefined;
    // CTAP2_ERR_KEEPALIVE_CANCEL, section 11.2.9.1.5.
    if (stopped.command === command.cbor) this.#send(stopped.channel, command.cbor, Uint8Array.of(0x2d));
  }

  #error(channel: number, code: number): void {
    this.#send(channel, command.error, Uint8Array.of(code));
  }

  #send(channel: number, kind: number, data: Uint8Array): void {
    let offset = reportBytes - 7;
    this.#report(
      bigEndian(channel),
      [kind | 0x80, data.length >> 8, data.length & 0xff],
      data.subarray(0, offset),
    );
    if (kind === command.cbor && this.#authenticator.kind === 'torn') {
      this.unplug();
      this.#onLeave();
      return;
    }
    for (let sequence = 0; offset < data.length; sequence++) {
      const part = data.subarray(offset, offset + reportBytes - 5);
      this.#report(bigEndian(channel), [sequence], part);
      offset += part.length;
    }
  }

  #report(channel: readonly number[], header: readonly number[], data: Uint8Array): void {
    const report = new Uint8Array(reportBytes);
    report.set([...channel, ...header]);
    report.set(data, channel.length + header.length);
    this.#onReport(report);
  }
}

function bigEndian(value: number): readonly number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
}
