import type { HidLine } from '../../../../drivers/fido/index.js';
import { fromHex, toHex } from '../../../../drivers/shared/bytes.js';

/** A key whose every report the test gives. */
export class ScriptedLine implements HidLine {
  readonly written: Uint8Array[] = [];
  closes = 0;
  answer: (report: Uint8Array) => void = () => undefined;
  #onReport: (report: Uint8Array) => void = () => undefined;
  #onClose: () => void = () => undefined;
  #gone = false;

  write(report: Uint8Array): Promise<boolean> {
    if (this.#gone) return Promise.resolve(false);
    this.written.push(report);
    queueMicrotask(() => this.answer(report));
    return Promise.resolve(true);
  }

  onReport(callback: (report: Uint8Array) => void): void {
    this.#onReport = callback;
  }

  onClose(callback: () => void): void {
    this.#onClose = callback;
  }

  close(): Promise<void> {
    this.closes++;
    return Promise.resolve();
  }

  unplug(): void {
    this.#gone = true;
    this.#onClose();
  }

  /** One report, filled up with zeros. */
  send(hex: string): void {
    const report = new Uint8Array(64);
    report.set(fromHex(hex));
    this.#onReport(report);
  }

  sendBytes(report: Uint8Array): void {
    this.#onReport(report);
  }
}

/** Answers INIT as a key with these capabilities; its channel is 00000001. */
export function greets(line: ScriptedLine, report: Uint8Array, capabilities = '05'): boolean {
  if (report[4] !== 0x86) return false;
  line.send(`FFFFFFFF 86 0011 ${toHex(report.subarray(7, 15))} 00000001 02 010203 ${capabilities}`);
  return true;
}
