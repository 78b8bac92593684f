import type { HostOptions } from '../../drivers/protocol.js';

export type KillSignal = 'SIGTERM' | 'SIGKILL';

/** One running driver host, whatever kind of process it is: a child of Node or a utility process of Electron. */
export interface HostProcess {
  /** `undefined` until the system has started it, or when it could not. */
  readonly pid: number | undefined;
  /** Sends one message of plain JSON values. Does nothing once the process has ended. */
  post(message: unknown): void;
  onMessage(callback: (message: unknown) => void): void;
  /** Calls back exactly once, also when the process could not be started. Where the shell knows no signal it gives `null`. */
  onExit(callback: (code: number | null, signal: string | null) => void): void;
  /** `SIGTERM` asks, `SIGKILL` does not. Without effect once the process has ended. */
  kill(signal?: KillSignal): void;
}

/** Starts a driver host with `options` as JSON in its first argument and an environment stripped to `hostEnvironment`. */
export type HostLauncher = (options: HostOptions) => HostProcess;

const passedOn = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'PCSCLITE_CSOCK_NAME', 'LD_LIBRARY_PATH'];

/** The variables that a driver host gets to see: no more than it needs to run and to find the PC/SC service. */
export function hostEnvironment(environment: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  const stripped: Record<string, string> = {};
  for (const name of passedOn) {
    const value = environment[name];
    if (value !== undefined) stripped[name] = value;
  }
  return stripped;
}
