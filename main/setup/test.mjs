// Everything that must hold before a change lands, in one command: format, lint, import rules, types, build, then the
// unit, integration and end-to-end tests. Ends with one line that counts them.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
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
    /** @type {Buffer[]} */
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.once('error', (error) => output.push(Buffer.from(`${error.message}\n`)));
    child.once('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      say(`${code === 0 ? 'passed' : 'FAILED'} ${name} (${seconds} s)`);
      if (code !== 0) process.stdout.write(Buffer.concat(output));
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

/** @param {string} file */
function readJson(file) {
  const path = join(results, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/**
 * @param {string} file
 * @returns {{ passed: number, failed: number, skipped: string[] } | undefined}
 */
function vitestCounts(file) {
  const report = readJson(file);
  if (report === undefined) return undefined;
  /** @type {string[]} */
  const skipped = [];
  for (const suite of report.testResults) {
    for (const test of suite.assertionResults) {
      if (test.status === 'pending' || test.status === 'skipped') skipped.push(test.fullName);
    }
  }
  return { passed: report.numPassedTests, failed: report.numFailedTests, skipped };
}

/** @returns {{ passed: number, failed: number, skipped: string[] } | undefined} */
function playwrightCounts() {
  const report = readJson('playwright.json');
  if (report === undefined) return undefined;
  /** @type {string[]} */
  const skipped = [];
  /** @param {{ suites?: any[], specs?: any[] }} suite */
  const visit = (suite) => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status !== 'skipped') continue;
        const why = test.annotations.find(
          (/** @type {{ type: string }} */ note) => note.type === 'skip',
        )?.description;
        skipped.push(why ? `${spec.title}: ${why}` : spec.title);
      }
    }
    for (const inner of suite.suites ?? []) visit(inner);
  };
  for (const suite of report.suites) visit(suite);
  return { passed: report.stats.expected, failed: report.stats.unexpected + report.stats.flaky, skipped };
}

prepare('test');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const checks = await inLanes([
  [
    { name: 'format', bin: 'prettier', args: ['--check', '.'] },
    { name: 'lint', bin: 'eslint', args: ['.', '--max-warnings', '0'] },
  ],
  [
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
  ],
]);

build();

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
// One after another: some of them measure time, and all of them want both cores.
const tests = await inLanes([
  [
    vitest('unit'),
    vitest('integration'),
    {
      name: 'end-to-end tests',
      bin: 'playwright',
      args: ['test', '--reporter=list,json'],
      env: { PLAYWRIGHT_JSON_OUTPUT_FILE: join(results, 'playwright.json') },
    },
  ],
]);

const counts = [vitestCounts('unit.json'), vitestCounts('integration.json'), playwrightCounts()];
const sum = { passed: 0, failed: 0, skipped: 0 };
for (const count of counts) {
  if (count === undefined) continue;
  sum.passed += count.passed;
  sum.failed += count.failed;
  sum.skipped += count.skipped.length;
  for (const reason of count.skipped) say(`skipped ${reason}`);
}
if (!checks || !tests || counts.includes(undefined)) process.exitCode = 1;
process.stdout.write(`tests: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`);
