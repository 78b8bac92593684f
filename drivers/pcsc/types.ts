import { z } from 'zod';

export const readerStatus = z.strictObject({
  /** As the PC/SC service names it, with its index: two readers of one model differ in it. */
  name: z.string(),
  /** `silent`: something lies there that gives no answer to reset. */
  card: z.enum(['absent', 'present', 'silent']),
});
export type ReaderStatus = z.infer<typeof readerStatus>;
