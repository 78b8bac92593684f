import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { openParentPort } from '../../../drivers/parent-port.js';

/** A process that was started in some way. */
function startedBy(extra: object): NodeJS.Process {
  return Object.assign(Object.create(process) as NodeJS.Process, { send: undefined }, extra);
}

describe('the line from a driver host to main', () => {
  it('goes over the parent port in a utility process', () => {
    const posted: unknown[] = [];
    const parentPort = Object.assign(new EventEmitter(), {
      postMessage: (message: unknown) => posted.push(message),
    });
    const port = openParentPort(startedBy({ parentPort }));
    const received: unknown[] = [];
    port?.onMessage((message) => received.push(message));
    port?.post('to main');
    parentPort.emit('message', { data: 'to the host' });
    expect(posted).toEqual(['to main']);
    expect(received).toEqual(['to the host']);
  });

  it('goes over the IPC channel in a child process, as long as it is open', () => {
    const posted: unknown[] = [];
    const child = startedBy({ connected: true, send: (message: unknown) => posted.push(message) });
    const port = openParentPort(child);
    port?.post('first');
    Object.assign(child, { connected: false });
    port?.post('second');
    expect(posted).toEqual(['first']);
  });

  it('is not there when somebody runs the program by hand', () => {
    expect(openParentPort(startedBy({}))).toBeUndefined();
  });
});
