import { build, prepare, root } from './prepare.mjs';

prepare('test');
build();
const { runnerImport } = await import('vite');
process.chdir(root);
await runnerImport('./tests/bench/index.ts', { configFile: false, logLevel: 'error' });
