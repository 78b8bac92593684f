import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * Where the kiosk keeps its settings and its log: `FORHAL_DATA`, or `forhal` in the user's data folder (XDG Base
 * Directory Specification 0.8: a relative `XDG_DATA_HOME` is to be ignored).
 */
export function dataFolder(environment: Readonly<NodeJS.ProcessEnv>): string {
  const own = environment['FORHAL_DATA'];
  if (own !== undefined && own !== '') return resolve(own);
  const shared = environment['XDG_DATA_HOME'];
  const base = shared !== undefined && isAbsolute(shared) ? shared : join(homedir(), '.local', 'share');
  return join(base, 'forhal');
}
