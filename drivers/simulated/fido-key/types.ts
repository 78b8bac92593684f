import { z } from 'zod';

/** What a demo key is: a MitID-chip-like one, an old one, or one with something wrong with it. */
export const demoKey = z.enum(['ctap2', 'u2f-only', 'silent', 'torn', 'not-a-key', 'protocol-error']);
export type DemoKey = z.infer<typeof demoKey>;
