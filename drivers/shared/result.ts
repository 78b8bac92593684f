/** What a person or a device can cause is a value: `ok` with what was asked for, or an error told apart by its `kind`. */
export type Result<Value, Fault extends { kind: string }> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: Fault };

export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function err<Fault extends { kind: string }>(
  error: Fault,
): { readonly ok: false; readonly error: Fault } {
  return { ok: false, error };
}
