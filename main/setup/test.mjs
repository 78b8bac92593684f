// Everything that must hold before a change lands, in one command: format, lint, import rules, types, build, then the
// unit, integration and end-to-end tests. Ends with one line that counts them.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, prepare, root, say } from './prepare.mjs';

const results = join(root, 'tests/results');

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} bin command of a development dependency
 * @property {readonly string[]} args
 * @property {NodeJS.ProcessEnv} [env]
 */

/**
 * Runs one tool; what it prints is shown when it has ended, so that steps side by side do not mix.
 * @param {Step} step
 * @returns {Promise<boolean>}
 */
function runStep({ name, bin, args, env }) {
  const started = performance.now();
  return new Promise((settle) => {
    const child = spawn(join(root, 'node_modules/.bin', bin), args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '0', ...env },
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
    child.once('error', (error) => (output += `${error.message}\n`));
    child.once('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      say(`${code === 0 ? 'passed' : 'FAILED'} ${name} (${seconds} s)`);
      if (code !== 0) process.stdout.write(output);
      settle(code === 0);
    });
  });
}

/**
 * Runs steps in lanes side by side, each lane in its order.
 * @param {readonly (readonly Step[])[]} lanes
 */
async function inLanes(lanes) {
  const outcomes = await Promise.all(
    lanes.map(async (lane) => {
      let passed = true;
      for (const step of lane) passed = (await runStep(step)) && passed;
      return passed;
    }),
  );
  return outcomes.every(Boolean);
}

prepare('test');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

/** @param {string} project */
const vitest = (project) => ({
  name: `${project} tests`,
  bin: 'vitest',
  args: [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${join(results, `${project}.json`)}`,
  ],
});
const withoutScreens = await inLanes([
  [
    { name: 'lint', bin: 'eslint', args: ['.', '--max-warnings', '0'] },
    vitest('integration'),
    vitest('desk'),
  ],
  [
    { name: 'format', bin: 'prettier', args: ['--check', '.'] },
    {
      name: 'import rules',
      bin: 'depcruise',
      args: ['--config', '.dependency-cruiser.cjs', 'main', 'drivers', 'renderer'],
    },
    { name: 'types of main and drivers', bin: 'tsc', args: ['--noEmit'] },
    { name: 'types of tests', bin: 'tsc', args: ['--noEmit', '-p', 'tests'] },
    {
      name: 'types of screens',
      bin: 'svelte-check',
      args: ['--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings'],
    },
    vitest('unit'),
    vitest('lobby'),
  ],
]);

build();

// The screens last and alone: some of their tests measure time, and all of them want both cores.
const screens = await inLanes([
  [
    {
      name: 'end-to-end tests',
      bin: 'playwright',
      args: ['test', '--reporter=list,json'],
      env: { PLAYWRIGHT_JSON_OUTPUT_FILE: join(results, 'playwright.json') },
    },
  ],
]);

const { countPlaywright, countVitest } = await import('./test-reports.mjs');
const sum = { passed: 0, failed: 0, skipped: 0 };
let complete = true;
for (const counts of [
  countVitest(join(results, 'unit.json')),
  countVitest(join(results, 'integration.json')),
  countVitest(join(results, 'lobby.json')),
  countVitest(join(results, 'desk.json')),
  countPlaywright(join(results, 'playwright.json')),
]) {
  if (counts === undefined) {
    complete = false;
    continue;
  }
  sum.passed += counts.passed;
  sum.failed += counts.failed;
  sum.skipped += counts.skipped.length;
  for (const test of counts.skipped) say(`skipped ${test}`);
}
if (!complete) say('a test runner left no report: not all tests ran');
if (!withoutScreens || !screens || !complete) process.exitCode = 1;
process.stdout.write(`tests: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`);
