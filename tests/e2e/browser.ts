/** The system's Chromium: no browser is downloaded for the tests. */
export const browserPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** The browser asks nothing of the network by itself; its sandbox does not start for root. */
export const browserArguments: readonly string[] = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];
