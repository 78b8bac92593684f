import { describe, expect, it } from 'vitest';
import { parseElectronOptions, parseServeOptions } from '../../../main/start-options.js';

describe('the command line of the kiosk under Node', () => {
  it('opens Chromium when nothing is said', () => {
    expect(parseServeOptions([])).toEqual({ shell: 'chromium' });
  });

  it('takes shell, port, data folder and chips', () => {
    const args = ['--shell', 'none', '--port', '8080', '--data', '/tmp/kiosk', '--chips', 'demo'];
    expect(parseServeOptions(args)).toEqual({ shell: 'none', port: 8080, data: '/tmp/kiosk', chips: 'demo' });
  });

  it.each([
    ['an unknown option', ['--window']],
    ['a shell that there is not', ['--shell', 'firefox']],
    ['a port out of range', ['--port', '65536']],
    ['a port that is no number', ['--port', 'http']],
    ['chips from nowhere', ['--chips', 'real']],
    ['a word too many', ['demo']],
  ])('does not take %s', (_what, args) => {
    expect(parseServeOptions(args)).toBeUndefined();
  });
});

describe('the command line of the kiosk in Electron', () => {
  it("passes over Electron's own switches and the program's path", () => {
    const args = ['--inspect=0', '--disable-gpu', '/opt/forhal', '--chips', 'demo'];
    expect(parseElectronOptions(args)).toEqual({ chips: 'demo' });
  });

  it('hears from itself how often it was started anew', () => {
    expect(parseElectronOptions(['/opt/forhal', '--relaunched=3'])).toEqual({ relaunched: 3 });
  });

  it('does not take chips from nowhere', () => {
    expect(parseElectronOptions(['/opt/forhal', '--chips', 'real'])).toBeUndefined();
  });
});
