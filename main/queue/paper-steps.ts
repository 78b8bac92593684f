import type { EventTable, PrintJobTable } from '../storage/schema.js';
import type { PaperEnd } from './types.js';

type State = PrintJobTable['state'];

/** One step of a printing: from which states it follows, what it makes of the job, and what the log tells of it. */
export interface PaperStep {
  readonly from: readonly State[];
  readonly to: { readonly state: State; readonly on_paper?: number };
  readonly event?: EventTable['kind'];
}

export const underWay = ['queued', 'sent'] as const satisfies readonly State[];

/** The print guarantee's steps, the same in the lobby's database and on a kiosk's own disk. */
export const paperSteps = {
  sent: { from: ['queued'], to: { state: 'sent', on_paper: 1 } },
  confirmed: { from: underWay, to: { state: 'confirmed' }, event: 'printed' },
  unknown: { from: underWay, to: { state: 'unknown' }, event: 'print-unknown' },
  failed: { from: underWay, to: { state: 'failed' }, event: 'print-failed' },
  'not-started': { from: underWay, to: { state: 'failed', on_paper: 0 }, event: 'print-failed' },
} as const satisfies Readonly<Record<'sent' | PaperEnd, PaperStep>>;
