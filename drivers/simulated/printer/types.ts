import { z } from 'zod';

/** What can be wrong with the demo printer. */
export const demoPrinterFault = z.enum([
  'none',
  'paper-low',
  'paper-out',
  /** The paper ends in the middle of the next ticket. */
  'paper-out-midway',
  'cover-open',
  'cutter-jam',
  'offline',
  'silent',
  /** It cuts the next ticket, and then says no more: whether it came out cannot be known. */
  'silent-after-print',
  'slow',
  'unplugged',
]);
export type DemoPrinterFault = z.infer<typeof demoPrinterFault>;

/** What came out of the demo printer, the last first, as text. */
export const demoPrinterPaper = z.strictObject({
  fault: demoPrinterFault,
  tickets: z.array(z.string().max(4000)).max(5),
});
export type DemoPrinterPaper = z.infer<typeof demoPrinterPaper>;
