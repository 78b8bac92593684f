import type { BenchFault, BenchState } from '../../../main/api/contract.js';
import type { CallError } from '../../api.js';
import type { StaffTexts } from '../texts.js';

type Trouble =
  | { readonly kind: 'failed'; readonly fault: BenchFault }
  | { readonly kind: 'refused'; readonly error: CallError['kind'] };

/** Why nothing came of it, and what to do, in the language on screen; undefined where something did. */
export function troubleOf(
  outcome: Trouble | { readonly kind: string } | undefined,
  text: StaffTexts['bench'],
): string | undefined {
  if (outcome === undefined) return undefined;
  if ('fault' in outcome) return text.faults[outcome.fault];
  return 'error' in outcome ? text.refused[outcome.error] : undefined;
}

/** How the rig is, and what to do where it does not work, in the language on screen. */
export function rigText(rig: BenchState['rig'], text: StaffTexts['bench']['rig']): string {
  return rig.kind === 'fault' ? text.faults[rig.fault] : text[rig.kind];
}
