// `npm run lab`: what it needs, and then the lab itself. Where there is no QEMU and none can be installed, it says so
// and is no failure: real device nodes are then not tried.
import { installWherePossible, prepare, root, say } from './prepare.mjs';

const missing = installWherePossible('lab');
if (missing.length > 0) {
  say(`lab skipped: these Debian packages are missing and cannot be installed here: ${missing.join(' ')}`);
} else {
  prepare('start');
  const { runnerImport } = await import('vite');
  process.chdir(root);
  await runnerImport('./tests/lab/index.ts', { configFile: false, logLevel: 'error' });
}
