import { join } from 'node:path';
import pino from 'pino';
import { logLevels, type LogEventName, type LogEvents } from './log-events.js';
import { openRotatingFile } from './rotating-file.js';
import type { LogLevel } from './settings/schema.js';

export interface Log {
  /** Writes one event of the catalogue; there is no way to write anything else. */
  write<Name extends LogEventName>(event: Name, fields: LogEvents[Name]): void;
  close(): Promise<void>;
}

const maximumBytes = 2 * 1024 * 1024;

/** JSON lines in `logs/forhal.log` of the data folder, with one previous file kept beside it. `now`: monotonic, ms. */
export function openLog(dataFolder: string, level: LogLevel, now: () => number): Log {
  const folder = join(dataFolder, 'logs');
  const file = openRotatingFile(
    join(folder, 'forhal.log'),
    join(folder, 'forhal.previous.log'),
    maximumBytes,
    now,
  );
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, file);
  return {
    write: (event, fields) => logger[logLevels[event]]({ event, ...fields }),
    close: () => file.close(),
  };
}
