import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build, prepare, root } from './prepare.mjs';

prepare('start');
build();
const { status } = spawnSync(
  process.execPath,
  [join(root, 'out/main/chip-check.cjs'), ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;
