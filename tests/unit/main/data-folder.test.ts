import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataFolder } from '../../../main/data-folder.js';

describe('the data folder', () => {
  it('is the one that FORHAL_DATA names, before any other', () => {
    expect(dataFolder({ FORHAL_DATA: '/var/lib/kiosk', XDG_DATA_HOME: '/data' })).toBe('/var/lib/kiosk');
  });

  it("lies in the user's data folder", () => {
    expect(dataFolder({ XDG_DATA_HOME: '/data' })).toBe('/data/forhal');
  });

  it.each([{}, { XDG_DATA_HOME: 'relative' }, { FORHAL_DATA: '', XDG_DATA_HOME: '' }])(
    'lies under the home folder with %j',
    (environment) => {
      expect(dataFolder(environment)).toBe(join(homedir(), '.local/share/forhal'));
    },
  );
});
