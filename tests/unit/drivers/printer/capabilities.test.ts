import { describe, expect, it } from 'vitest';
import { capabilities } from '../../../../drivers/printer/capabilities.js';
import { printerModel } from '../../../../drivers/printer/types.js';

describe('what is known of a model', () => {
  it.each(printerModel.options)('%s fits together', (model) => {
    const { confirmation, clearsBuffer, dots, columns, cp858, source } = capabilities[model];
    // Font A is 12 dots wide; Custom's is 13.
    expect(columns).toBeLessThanOrEqual(Math.floor(dots / 12));
    expect(columns).toBeGreaterThanOrEqual(Math.floor(dots / 14));
    expect(dots % 8).toBe(0);
    expect(cp858).toBeGreaterThanOrEqual(0);
    expect(cp858).toBeLessThan(256);
    expect(source).not.toBe('');
    // What still waits in a buffer that cannot be emptied is told apart by nothing but a process id.
    if (clearsBuffer) expect(confirmation).toBe('process-id');
  });
});
