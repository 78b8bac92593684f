import { parseArgs, type ParseArgsConfig } from 'node:util';
import { z } from 'zod';
import { chipSource } from '../drivers/protocol.js';

const shared = {
  /** Data folder, in place of the usual one. */
  data: z.string().min(1).optional(),
  /** In place of the setting. */
  chips: chipSource.optional(),
};

const serveOptions = z.strictObject({
  ...shared,
  shell: z.enum(['chromium', 'none']).default('chromium'),
  /** 0: one that is free. Without it, the setting. */
  port: z.coerce.number<string>().int().min(0).max(65_535).optional(),
});
export type ServeOptions = z.infer<typeof serveOptions>;

/** Electron has arguments of its own beside ours. */
const electronOptions = z.object({
  ...shared,
  /** How often in a row it started itself anew; it tells itself. */
  relaunched: z.coerce.number<string>().int().min(0).optional(),
});
export type ElectronOptions = z.infer<typeof electronOptions>;

const text = { type: 'string' } as const;

export const usage =
  'usage: serve [--shell chromium|none] [--port N] [--data FOLDER] [--chips auto|pcsc|demo]';

/** What was asked for on the command line of the kiosk under Node, or `undefined` where that cannot be understood. */
export function parseServeOptions(args: readonly string[]): ServeOptions | undefined {
  const options = { shell: text, port: text, data: text, chips: text };
  return read(serveOptions, { args: [...args], options });
}

/** The same for Electron, whose own switches are passed over. */
export function parseElectronOptions(args: readonly string[]): ElectronOptions | undefined {
  const options = { data: text, chips: text, relaunched: text };
  return read(electronOptions, { args: [...args], options, strict: false });
}

function read<Schema extends z.ZodType>(
  schema: Schema,
  config: ParseArgsConfig,
): z.infer<Schema> | undefined {
  try {
    const { values } = parseArgs(config);
    return schema.safeParse({ ...values }).data;
  } catch {
    // The only way in which parseArgs says that it does not understand.
    return undefined;
  }
}
