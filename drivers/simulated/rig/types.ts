import { z } from 'zod';

/** What can be wrong with the demo rig or the code display in it. */
export const demoRigFault = z.enum([
  'none',
  // of the display
  'no-device',
  'dead-segment',
  'weak-segment',
  'stuck-segment',
  'slow-segment',
  'missing-digit',
  'dim',
  'dark',
  'button-broken',
  'button-sometimes',
  'no-new-codes',
  'battery-low',
  'device-removed',
  // of the rig
  'noise',
  'reboot',
  'wrong-baud-rate',
  'silent',
  'self-test-fails',
  'unplugged',
]);
export type DemoRigFault = z.infer<typeof demoRigFault>;
