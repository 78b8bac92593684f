import type { KeyFacts } from '../../../../drivers/fido/types.js';
import type { DisplayFacts, SegmentHealth } from '../../../../drivers/rig/types.js';

/** Six digits of this health, with the segments of one digit changed. */
export function segments(digit: readonly SegmentHealth[] = []): SegmentHealth[][] {
  const healthy = Array.from({ length: 7 }, (): SegmentHealth => 'healthy');
  return Array.from({ length: 6 }, (_, index) =>
    index === 2 ? healthy.map((health, segment) => digit[segment] ?? health) : [...healthy],
  );
}

export const soundDisplay: DisplayFacts = {
  digitsExpected: 6,
  digitsPresent: 6,
  segments: segments(),
  codes: 26,
  presses: 26,
  paceJudged: true,
  confidence: 0.999,
  lights: true,
  dim: false,
  button: 'works',
  newCodes: 'regular',
  codeEverySeconds: 30,
  batteryVolts: 3,
  battery: 'good',
  elapsedMs: 800_000,
};

export const soundKey: KeyFacts = {
  way: 'usb',
  versions: ['FIDO_2_0', 'U2F_V2'],
  ctap2: true,
  u2f: true,
  hid: { protocolVersion: 2, deviceVersion: [1, 0, 0], wink: true, cbor: true, message: true },
  ping: true,
  winked: true,
  aaguid: null,
  transports: ['usb', 'nfc'],
  firmwareVersion: null,
  maxMessageSize: 1200,
  elapsedMs: 120,
};
