import type { SimulatedRig } from './simulated-rig.js';

/** Bytes of one report: the number of bytes that follow, then so many of text. */
export const reportLength = 64;

/** The rig behind HID reports: a program that holds a gadget's `/dev/hidg0` reads and writes them as they are. */
export class HidReports {
  readonly #rig: SimulatedRig;

  constructor(rig: SimulatedRig) {
    this.#rig = rig;
  }

  /** One report from the computer, without an id. */
  receive(report: Uint8Array): void {
    const [count = 0] = report;
    if (count <= report.length - 1) this.#rig.receive(report.subarray(1, 1 + count));
  }

  /** Reports to the computer, each `reportLength` long; returns the way to stop that. */
  onSend(callback: (report: Uint8Array) => void): () => void {
    return this.#rig.onSend((bytes) => {
      for (let at = 0; at < bytes.length; at += reportLength - 1) {
        const piece = bytes.subarray(at, at + reportLength - 1);
        const report = new Uint8Array(reportLength);
        report[0] = piece.length;
        report.set(piece, 1);
        callback(report);
      }
    });
  }
}
