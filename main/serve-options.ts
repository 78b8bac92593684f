import { parseArgs } from 'node:util';
import { z } from 'zod';
import { chipSource } from '../drivers/protocol.js';

const serveOptions = z.strictObject({
  shell: z.enum(['chromium', 'none']),
  /** 0: one that is free. Without it, the setting. */
  port: z.coerce.number<string>().int().min(0).max(65_535).optional(),
  data: z.string().min(1).optional(),
  chips: chipSource.optional(),
});
export type ServeOptions = z.infer<typeof serveOptions>;

export const usage = `usage: serve [--shell chromium|none] [--port N] [--data FOLDER] [--chips auto|pcsc|demo]`;

/** What was asked for on the command line, or `undefined` where that cannot be understood. */
export function parseServeOptions(args: readonly string[]): ServeOptions | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        shell: { type: 'string', default: 'chromium' },
        port: { type: 'string' },
        data: { type: 'string' },
        chips: { type: 'string' },
      },
    });
    return serveOptions.safeParse({ ...values }).data;
  } catch {
    return undefined;
  }
}
