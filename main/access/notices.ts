/** What whoever starts the kiosk has to know about its PINs. */
export function accessNotices({
  firstPin,
  accessDamaged,
}: {
  readonly firstPin: string | undefined;
  readonly accessDamaged: boolean;
}): string[] {
  return [
    ...(firstPin === undefined
      ? []
      : [`first PIN of the technician: ${firstPin} (log in at /staff; it asks for a new one)`]),
    ...(accessDamaged
      ? ['access.json cannot be used: nobody can log in until it is mended, or deleted for a new first PIN']
      : []),
  ];
}
