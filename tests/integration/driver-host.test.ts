import { fork } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPrograms, buildPrograms } from './built-programs.js';

describe('the program of a driver host', () => {
  let programs: BuiltPrograms;

  beforeAll(async () => {
    programs = await buildPrograms();
  });
  afterAll(() => programs.remove());

  it('that cannot go on ends without waiting for a thread that hangs in a driver', async () => {
    const options = JSON.stringify({ family: 'chips', chips: { source: 'demo' } });
    const host = fork(programs.host, [options], { execArgv: [], stdio: 'ignore', serialization: 'json' });
    const ended = once(host, 'exit');
    await once(host, 'message');
    host.send('no message at all');
    expect(await ended).toEqual([null, 'SIGKILL']);
  });
});
