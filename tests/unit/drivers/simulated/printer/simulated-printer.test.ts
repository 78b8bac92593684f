import { describe, expect, it } from 'vitest';
import { SimulatedPrinter } from '../../../../../drivers/simulated/printer/simulated-printer.js';
import { ManualClock } from '../../../manual-clock.js';

/** DLE EOT 4: the paper sensor's status; bits 5 and 6 are set at the paper's end. */
const paperStatus = [0x10, 0x04, 4];
const paperEnd = 0x60;

describe('the simulated printer', () => {
  it('has paper again once nothing is wrong with it, whatever was wrong in between', () => {
    const answers: number[] = [];
    const printer = new SimulatedPrinter({
      traits: { confirmation: 'process-id', clearsBuffer: true, columns: 42 },
      clock: new ManualClock(),
    });
    printer.connect(
      (bytes) => answers.push(...bytes),
      () => undefined,
    );
    const endOfPaper = (): boolean => {
      answers.length = 0;
      printer.receive(Uint8Array.from(paperStatus));
      return ((answers.at(-1) ?? 0) & paperEnd) === paperEnd;
    };
    printer.setFault('paper-out-midway');
    printer.receive(new TextEncoder().encode('line\n'.repeat(10)));
    expect(endOfPaper()).toBe(true);
    printer.setFault('cover-open');
    printer.setFault('none');
    expect(endOfPaper()).toBe(false);
  });
});
