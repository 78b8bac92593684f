import { utilityProcess } from 'electron';
import { hostEnvironment, type HostLauncher } from '../devices/host-launcher.js';

/** Starts driver hosts as utility processes of Electron. `hostPath` is the built `drivers/host.ts`. */
export function electronHostLauncher(
  hostPath: string,
  environment: Readonly<NodeJS.ProcessEnv>,
): HostLauncher {
  return (options) => {
    const child = utilityProcess.fork(hostPath, [JSON.stringify(options)], {
      env: hostEnvironment(environment),
      execArgv: [],
      serviceName: `Forhal ${options.family}`,
      // What a driver prints could carry what it read: it goes nowhere.
      stdio: 'ignore',
    });
    let exited = false;
    child.once('exit', () => {
      exited = true;
    });
    return {
      get pid() {
        return child.pid;
      },
      post: (message) => {
        if (!exited) child.postMessage(message);
      },
      onMessage: (callback) => {
        child.on('message', callback);
      },
      onExit: (callback) => {
        child.once('exit', (code) => callback(code, null));
      },
      kill: (signal = 'SIGTERM') => {
        if (exited) return;
        // Electron itself only asks.
        if (signal === 'SIGTERM' || child.pid === undefined) child.kill();
        else killNow(child.pid);
      },
    };
  };
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself a moment ago; its exit is about to be told.
  }
}
