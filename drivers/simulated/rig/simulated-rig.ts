import type { Clock } from '../../shared/clock.js';
import { CodeDisplay, type CodeDisplayOptions } from './code-display.js';
import type { DemoRigFault } from './types.js';

export interface SimulatedRigOptions extends Omit<CodeDisplayOptions, 'random'> {
  readonly clock: Clock;
  /** From 0 up to 1; the same numbers make the same rig, display, codes and noise. */
  readonly random?: () => number;
  /** How many of the rig's seconds go by in one of the clock's: a demo need not wait for half a minute. */
  readonly speed?: number;
  readonly serialNumber?: string;
}

interface Reply {
  readonly text: string;
  /** Whether it goes out with line noise in front. */
  readonly noisy: boolean;
}

/** What the sensors of one segment give, in their unit of 0 to 1000. */
interface Sensor {
  readonly off: number;
  readonly on: number;
}

const errorTexts: Readonly<Record<number, string>> = {
  [-113]: 'Undefined header',
  [-109]: 'Missing parameter',
  [-222]: 'Data out of range',
  [-330]: 'Self-test failed',
  [-350]: 'Queue overflow',
};
const queueLength = 16;
const readingNoise = 8;
const rebootSeconds = 0.6;
/** While it reboots again and again, it lives so many queries long. */
const queriesBetweenReboots = { least: 40, most: 120 };
/** Somebody takes the device out so long after the first press, the rig's seconds. */
const takenOutAfter = 15;
const mostPressMs = 5000;
const longestMessage = 512;
const powerOn = 0x80;
const commandError = 0x20;
const executionError = 0x10;
const deviceError = 0x08;
const operationComplete = 0x01;

/** A code-display rig as it behaves, with a code display in its fixture. Bytes in, bytes out: any line can carry them. */
export class SimulatedRig {
  readonly display: CodeDisplay;
  readonly #options: SimulatedRigOptions;
  readonly #random: () => number;
  readonly #sensors: readonly Sensor[];
  readonly #onSend = new Set<(bytes: Uint8Array) => void>();
  readonly #onUnplugged = new Set<() => void>();
  #fault: DemoRigFault = 'none';
  #input = '';
  #errors: number[] = [];
  #events = powerOn;
  #queriesLeft = Infinity;
  #rebootsLeft = 0;
  /** The clock's ms until which it starts. */
  #startsUntil = -Infinity;
  #removedAt = Infinity;

  constructor(options: SimulatedRigOptions) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
    this.display = new CodeDisplay({ ...options, random: this.#random });
    this.#sensors = Array.from({ length: this.display.digits * 7 }, () => {
      const off = 40 + Math.floor(60 * this.#random());
      return { off, on: off + 560 + Math.floor(180 * this.#random()) };
    });
  }

  get fault(): DemoRigFault {
    return this.#fault;
  }

  /** Every code that the display showed: for tests. */
  get shownCodes(): readonly string[] {
    return this.display.shown;
  }

  get serialNumber(): string {
    return this.#options.serialNumber ?? 'DEMO-0001';
  }

  /** A person mends it, or breaks it; of a faulty segment, where. */
  setFault(fault: DemoRigFault, place?: { readonly digit: number; readonly segment: number }): void {
    this.#fault = fault;
    this.display.setFault(fault, place);
    this.#removedAt = Infinity;
    this.#rebootsLeft = fault === 'reboot' ? 2 : 0;
    this.#queriesLeft = fault === 'reboot' ? this.#nextReboot() : Infinity;
    if (fault !== 'unplugged') return;
    this.#input = '';
    for (const listener of [...this.#onUnplugged]) listener();
  }

  /** What the sensors give with a new display in the fixture. */
  levels(): { off: number; on: number }[][] {
    return Array.from({ length: this.display.digits }, (_, digit) =>
      this.#sensors.slice(7 * digit, 7 * digit + 7).map((sensor) => ({ ...sensor })),
    );
  }

  /** How many listen to it: a line that is closed does not. */
  get listeners(): number {
    return this.#onSend.size + this.#onUnplugged.size;
  }

  /** Everything that it sends goes there; returns the way to stop that. */
  onSend(callback: (bytes: Uint8Array) => void): () => void {
    this.#onSend.add(callback);
    return () => this.#onSend.delete(callback);
  }

  /** Its plug is pulled; returns the way to stop that. */
  onUnplugged(callback: () => void): () => void {
    this.#onUnplugged.add(callback);
    return () => this.#onUnplugged.delete(callback);
  }

  /** The line from the computer: what the rig sends goes to `send`. Returns the way to pull it. */
  connect(send: (bytes: Uint8Array) => void, onUnplugged: () => void): () => void {
    const stops = [this.onSend(send), this.onUnplugged(onUnplugged)];
    return () => {
      for (const stop of stops) stop();
    };
  }

  receive(bytes: Uint8Array): void {
    if (this.#fault === 'unplugged' || this.#isStarting()) return;
    for (const byte of bytes) {
      if (byte === 0x0a) {
        const message = this.#input.trim();
        this.#input = '';
        if (message !== '') this.#obey(message);
      } else if (this.#input.length < longestMessage) {
        this.#input += String.fromCharCode(byte);
      }
    }
  }

  /** Seconds by the rig's own clock. */
  #now(): number {
    return (this.#options.clock.now() / 1000) * (this.#options.speed ?? 1);
  }

  #isStarting(): boolean {
    return this.#options.clock.now() < this.#startsUntil;
  }

  #hasDevice(): boolean {
    return this.#fault !== 'no-device' && this.#now() < this.#removedAt;
  }

  #send(bytes: Uint8Array): void {
    for (const callback of [...this.#onSend]) callback(bytes);
  }

  #say({ text, noisy }: Reply): void {
    const line = new TextEncoder().encode(`${text}\n`);
    switch (this.#fault) {
      case 'silent':
      case 'unplugged':
        return;
      case 'wrong-baud-rate':
        // What a line gives that is sampled at another speed: bytes of other bits, hardly ever a line end.
        this.#send(line.map((byte) => ((byte * 37) & 0xff) | 0x80));
        return;
      case 'noise':
        if (noisy && this.#random() < 0.2) this.#send(this.#noise());
        if (noisy && this.#random() < 0.005) {
          // The rest was lost.
          this.#send(line.subarray(0, Math.floor(line.length / 2)));
          return;
        }
        break;
      case 'none':
      case 'no-device':
      case 'dead-segment':
      case 'weak-segment':
      case 'stuck-segment':
      case 'slow-segment':
      case 'missing-digit':
      case 'dim':
      case 'dark':
      case 'button-broken':
      case 'button-sometimes':
      case 'no-new-codes':
      case 'battery-low':
      case 'device-removed':
      case 'reboot':
      case 'self-test-fails':
    }
    this.#queriesLeft--;
    if (this.#queriesLeft <= 0) {
      this.#send(line.subarray(0, Math.floor(line.length / 2)));
      this.#reboot();
      return;
    }
    this.#send(line);
  }

  /** A few bytes, sometimes a whole line of them. */
  #noise(): Uint8Array {
    const bytes = Array.from(
      { length: 1 + Math.floor(6 * this.#random()) },
      () => 0x80 | Math.floor(128 * this.#random()),
    );
    if (this.#random() < 0.3) bytes.push(0x3f, 0x7e, 0x0a);
    return Uint8Array.from(bytes);
  }

  #nextReboot(): number {
    const { least, most } = queriesBetweenReboots;
    return least + Math.floor((most - least) * this.#random());
  }

  #reboot(): void {
    this.#rebootsLeft--;
    this.#queriesLeft = this.#rebootsLeft > 0 ? this.#nextReboot() : Infinity;
    this.#startsUntil = this.#options.clock.now() + 1000 * rebootSeconds;
    this.#input = '';
    this.#errors = [];
    this.#events = powerOn;
  }

  #complain(code: number, event: number): void {
    this.#events |= event;
    if (this.#errors.length >= queueLength) this.#errors[queueLength - 1] = -350;
    else this.#errors.push(code);
  }

  #obey(message: string): void {
    const replies: string[] = [];
    let path: readonly string[] = [];
    for (const unit of message.split(';')) {
      const text = unit.trim();
      const fromRoot = text.startsWith(':') || text.startsWith('*') || path.length === 0;
      const [header = '', ...parameters] = text.replace(/^:/, '').split(/\s+/);
      const full = fromRoot ? header : [...path, header].join(':');
      const reply = this.#carryOut(shortForm(full), parameters.join(' '));
      if (!text.startsWith('*')) path = full.split(':').slice(0, -1);
      if (reply !== undefined) replies.push(reply);
    }
    if (replies.length > 0) this.#say({ text: replies.join(';'), noisy: true });
  }

  /** The answer to one program message unit; none to a command. */
  #carryOut(header: string, parameter: string): string | undefined {
    switch (header) {
      case '*IDN?':
        return `Forhal,Code display rig (simulated),${this.serialNumber},1.0`;
      case '*RST':
        return undefined;
      case '*CLS':
        this.#errors = [];
        this.#events = 0;
        return undefined;
      case '*ESR?': {
        const events = this.#events;
        this.#events = 0;
        return String(events);
      }
      case '*OPC?':
        return '1';
      case '*OPC':
        this.#events |= operationComplete;
        return undefined;
      case '*TST?':
        if (this.#fault !== 'self-test-fails') return '0';
        this.#complain(-330, deviceError);
        return '1';
      case 'SYST:ERR?':
      case 'SYST:ERR:NEXT?': {
        const code = this.#errors.shift();
        return code === undefined
          ? '0,"No error"'
          : `${code},"${errorTexts[code] ?? 'Device-specific error'}"`;
      }
      case 'SYST:TIME?':
        return timeOfDay(this.#now());
      case 'SENS:PRES?':
        return this.#hasDevice() ? '1' : '0';
      case 'DISP:DIG?':
        return String(this.display.places);
      case 'MEAS:BATT?':
        return this.#hasDevice() ? this.display.batteryVolts.toFixed(2) : '9.91E37';
      case 'MEAS:SEGM?':
        return this.#measure(parameter);
      case 'BUTT:PRES':
        this.#press(parameter);
        return undefined;
      default:
        this.#complain(-113, commandError);
        return undefined;
    }
  }

  #measure(parameter: string): string | undefined {
    const digit = Number(parameter);
    if (parameter === '' || !Number.isInteger(digit)) {
      this.#complain(-109, commandError);
      return undefined;
    }
    if (digit < 1 || digit > this.display.digits) {
      this.#complain(-222, executionError);
      return undefined;
    }
    const now = this.#now();
    const levels = Array.from({ length: 7 }, (_, segment) => {
      const { off, on } = this.#sensors[(digit - 1) * 7 + segment] ?? { off: 0, on: 0 };
      const brightness = this.#hasDevice() ? this.display.brightness(digit - 1, segment, now) : 0;
      const level = off + (on - off) * brightness + readingNoise * (2 * this.#random() - 1);
      return Math.round(Math.min(1000, Math.max(0, level)));
    });
    return levels.join(',');
  }

  #press(parameter: string): void {
    const ms = Number(parameter);
    if (parameter === '' || !Number.isFinite(ms)) this.#complain(-109, commandError);
    else if (ms < 1 || ms > mostPressMs) this.#complain(-222, executionError);
    else if (this.#hasDevice()) {
      this.display.press(this.#now(), ms / 1000);
      if (this.#fault === 'device-removed')
        this.#removedAt = Math.min(this.#removedAt, this.#now() + takenOutAfter);
    }
  }
}

/** Long forms cut short, in capitals: SCPI-99 volume 1 section 6.2.1. */
function shortForm(header: string): string {
  const forms: Readonly<Record<string, string>> = {
    SYSTEM: 'SYST',
    ERROR: 'ERR',
    MEASURE: 'MEAS',
    SEGMENTS: 'SEGM',
    BATTERY: 'BATT',
    DISPLAY: 'DISP',
    DIGITS: 'DIG',
    SENSE: 'SENS',
    PRESENT: 'PRES',
    BUTTON: 'BUTT',
    PRESS: 'PRES',
  };
  return header.toUpperCase().replace(/[A-Z]+/g, (word) => forms[word] ?? word);
}

/** SCPI-99 volume 2 section 21.21: hours, minutes, seconds. */
function timeOfDay(seconds: number): string {
  const ofDay = seconds % 86_400;
  const hours = Math.floor(ofDay / 3600);
  const minutes = Math.floor((ofDay % 3600) / 60);
  return `${hours},${minutes},${(ofDay % 60).toFixed(2)}`;
}
