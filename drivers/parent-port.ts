/** The line from a driver host to main, whatever started it. */
export interface ParentPort {
  post(message: string): void;
  onMessage(callback: (message: unknown) => void): void;
  /** Main is gone, or has let go of this process. */
  onClose(callback: () => void): void;
}

/** The part of Electron's `process.parentPort` that is used, without knowing Electron. */
interface UtilityPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
}

function isUtilityPort(value: unknown): value is UtilityPort {
  return typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value;
}

/** `undefined` when nobody started this program as a host. */
export function openParentPort(process: NodeJS.Process): ParentPort | undefined {
  const utility: unknown = Reflect.get(process, 'parentPort');
  if (isUtilityPort(utility)) {
    return {
      post: (message) => utility.postMessage(message),
      onMessage: (callback) => void utility.on('message', ({ data }) => callback(data)),
      // Chromium ends a utility process together with its parent.
      onClose: () => undefined,
    };
  }
  if (process.send === undefined) return undefined;
  return {
    post: (message) => {
      if (process.connected) process.send?.(message);
    },
    onMessage: (callback) => void process.on('message', callback),
    onClose: (callback) => void process.on('disconnect', callback),
  };
}
