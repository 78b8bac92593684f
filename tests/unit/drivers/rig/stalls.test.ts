import { describe, expect, it } from 'vitest';
import type { ByteLine } from '../../../../drivers/shared/byte-line.js';
import { defaultAuthenticatorRules } from '../../../../main/authenticators/rules.js';
import { judgeDisplay } from '../../../../main/authenticators/verdict.js';
import { tested } from './bench.js';
import type { IdleClock } from './idle-clock.js';

const stallMs = 2200;

/** A line behind which the rig does nothing for a while from its message number `at` on, and then all of it in order. */
function stalling(line: ByteLine, clock: IdleClock, at: number): ByteLine & { readonly stalledAt: string } {
  let messages = 0;
  let stalledAt = '';
  let held: Uint8Array[] | undefined;
  return {
    get stalledAt() {
      return stalledAt;
    },
    write: (bytes) => {
      if (++messages === at) {
        stalledAt = new TextDecoder().decode(bytes).trim();
        held = [];
        clock.after(stallMs, () => {
          const late = held ?? [];
          held = undefined;
          for (const each of late) void line.write(each);
        });
      }
      if (held === undefined) return line.write(bytes);
      held.push(bytes);
      return Promise.resolve(true);
    },
    onData: (callback) => line.onData(callback),
    onClose: (callback) => line.onClose(callback),
    close: () => line.close(),
  };
}

describe('a rig that once answers late', () => {
  it('condemns no healthy display by it, whichever question that was', async () => {
    const condemned: unknown[] = [];
    const stalledAt = new Set<string>();
    for (let at = 1; at <= 160; at++) {
      let through: ReturnType<typeof stalling> | undefined;
      const { outcome } = await tested({
        seed: at,
        speed: 1,
        through: (line, clock) => (through = stalling(line, clock, at)),
        // Two statements are enough here: what a late answer does shows at once or never.
        onProgress: ({ codes }, finish) => (codes === 11 ? finish.abort() : undefined),
      });
      stalledAt.add(through?.stalledAt.split(' ')[0] ?? '');
      const verdict = judgeDisplay(outcome, { rules: defaultAuthenticatorRules, demo: false });
      if (verdict.outcome === 'replace' || verdict.reasons.some((reason) => reason !== 'too-few-codes')) {
        condemned.push({ at, stalledAt: through?.stalledAt, reasons: verdict.reasons });
      }
    }
    expect(condemned).toEqual([]);
    for (const query of [
      'SENS:PRES?',
      'DISP:DIG?',
      'MEAS:BATT?',
      'MEAS:SEGM?',
      'SYST:TIME?',
      'SYST:ERR?',
      'BUTT:PRES',
    ])
      expect([...stalledAt]).toContain(query);
  });
});
