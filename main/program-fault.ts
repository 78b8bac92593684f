/** What a fault of the program's own is called and where it arose; its message could quote what it failed on. */
export function placeOfFault(error: unknown): { readonly error: string; readonly at: string } {
  if (!(error instanceof Error)) return { error: 'unknown', at: 'unknown' };
  const at = /\n\s+at ([^\n]+)/.exec(error.stack ?? '')?.[1] ?? 'unknown';
  return { error: error.name, at };
}
