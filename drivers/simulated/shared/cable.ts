import type { ByteLine } from '../../shared/byte-line.js';

/** A simulated device that talks bytes over a cable. */
export interface CabledDevice {
  /** What is wrong with it; `unplugged`: no cable can be plugged in. */
  readonly fault: string;
  /** Plugs a cable in; returns the way to pull it. `onUnplugged`: the device has let go of it. */
  connect(send: (bytes: Uint8Array) => void, onUnplugged: () => void): () => void;
  receive(bytes: Uint8Array): void;
}

/** A line to the device in this process; one that is closed already while it is unplugged. */
export function openCable(device: CabledDevice): ByteLine {
  const onData: ((bytes: Uint8Array) => void)[] = [];
  const onClose: (() => void)[] = [];
  let closed = device.fault === 'unplugged';
  const close = (): void => {
    if (closed) return;
    closed = true;
    disconnect();
    for (const callback of onClose) callback();
  };
  const hear = (bytes: Uint8Array): void => {
    // A line takes a moment: nobody is answered while still asking.
    queueMicrotask(() => {
      if (!closed) for (const callback of onData) callback(bytes);
    });
  };
  const disconnect = closed ? () => undefined : device.connect(hear, close);
  return {
    write: (bytes) => {
      if (!closed) device.receive(bytes);
      return Promise.resolve(!closed);
    },
    onData: (callback) => void onData.push(callback),
    onClose: (callback) => {
      if (closed) callback();
      else onClose.push(callback);
    },
    close: () => {
      close();
      return Promise.resolve();
    },
  };
}
