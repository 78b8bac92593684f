/** Exit status that asks whoever started the program to start it anew (sysexits.h: EX_TEMPFAIL). */
export const startAnewStatus = 75;

/** A program that ran for so long has earned a quick start again, ms. */
const stableAfterMs = 10 * 60_000;
/** Waits of the first, second … relaunch in a row before it opens its window, ms. */
const delaysMs = [0, 2000, 5000, 15_000] as const;
const longestDelayMs = 60_000;

/** How often in a row the program will have been relaunched, after it was so `before` times and ran for `ranMs`. */
export function nextRelaunch(before: number, ranMs: number): number {
  return ranMs >= stableAfterMs ? 1 : before + 1;
}

export function relaunchDelayMs(relaunched: number): number {
  return relaunched === 0 ? 0 : (delaysMs[relaunched - 1] ?? longestDelayMs);
}

/** The command line of the next life: the same, with the count. */
export function relaunchArguments(args: readonly string[], relaunched: number): string[] {
  return [...args.filter((arg) => !arg.startsWith('--relaunched=')), `--relaunched=${relaunched}`];
}
