import { demoSpecimens, type ChipFault, type DemoDocument } from '../drivers/simulated/chip/types.js';
import { demoDocuments, type DemoSpecimen, type Input } from './api/contract.js';

/** Slow enough to be seen, quick enough for a check to end well within its deadline, ms for each command. */
const slowDelayMs = 400;
/**
 * While something is read from every demo document, so that the screen has something to show before: the last command
 * of the shortest read there is, by PACE in extended length, is number 9.
 */
const tornAtCommand = 9;

/** What the demo bench can put on the reader, with what to type for it. */
export function specimens(): DemoSpecimen[] {
  return demoDocuments.map((document: DemoDocument) => {
    const { kind, ...key } = demoSpecimens[document];
    return { document, kind, key };
  });
}

export function chipFaultFor(fault: Input<'demo.place'>['fault']): ChipFault {
  switch (fault) {
    case 'slow':
      return { kind: 'slow', delayMs: slowDelayMs };
    case 'torn':
      return { kind: 'torn', atCommand: tornAtCommand };
    case 'none':
    case 'dead':
    case 'wrong-key':
    case 'not-a-passport':
    case 'tampered-photo':
    case 'tampered-signature':
    case 'unknown-issuer':
      return { kind: fault };
  }
}
