import type { ForetoldWait } from './lobby-day.js';

export interface Accuracy {
  /** Share of the true waits that lay in their range. */
  readonly held: number;
  readonly medianWidthMinutes: number;
  readonly medianWaitMinutes: number;
}

/** How good the ranges were that people were told. */
export function accuracyOf(waits: readonly ForetoldWait[]): Accuracy {
  const told = waits.flatMap(({ estimate, waitedMinutes }) =>
    estimate.kind === 'range' ? [{ ...estimate, waitedMinutes }] : [],
  );
  const held = told.filter(
    ({ fromMinutes, toMinutes, waitedMinutes }) => fromMinutes <= waitedMinutes && waitedMinutes <= toMinutes,
  );
  return {
    held: held.length / told.length,
    medianWidthMinutes: median(told.map(({ fromMinutes, toMinutes }) => toMinutes - fromMinutes)),
    medianWaitMinutes: median(told.map(({ waitedMinutes }) => waitedMinutes)),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
