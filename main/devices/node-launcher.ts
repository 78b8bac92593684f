import { fork } from 'node:child_process';
import { hostEnvironment, type HostLauncher } from './host-launcher.js';

/** Starts driver hosts as child processes of Node. `hostPath` is the built `drivers/host.ts`. */
export function nodeLauncher(
  hostPath: string,
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
  /** Node's executable; another than the running one where that is Electron's. */
  executable: string = process.execPath,
): HostLauncher {
  return (options) => {
    const child = fork(hostPath, [JSON.stringify(options)], {
      env: hostEnvironment(environment),
      execPath: executable,
      execArgv: [],
      serialization: 'json',
      // What a driver prints could carry what it read: it goes nowhere.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const exitListeners: ((code: number | null, signal: string | null) => void)[] = [];
    let exited = false;
    const onExit = (code: number | null, signal: string | null): void => {
      if (exited) return;
      exited = true;
      for (const listener of exitListeners) listener(code, signal);
    };
    child.on('exit', onExit);
    child.on('error', () => {
      // Also raised for a message to a process that has just ended; then its exit tells.
      if (child.pid === undefined) onExit(null, null);
    });
    return {
      pid: child.pid,
      post: (message) => {
        if (typeof message === 'string' && child.connected) child.send(message);
      },
      onMessage: (callback) => {
        child.on('message', callback);
      },
      onExit: (callback) => {
        exitListeners.push(callback);
      },
      kill: (signal = 'SIGTERM') => {
        child.kill(signal);
      },
    };
  };
}
