// Counts what the test runners reported, so that one line can say how many tests passed.
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** @typedef {{ passed: number, failed: number, skipped: readonly string[] }} Counts */

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })) }),
  ),
});

const playwrightSuite = z.object({
  specs: z.array(
    z.object({
      title: z.string(),
      tests: z.array(
        z.object({
          status: z.string(),
          annotations: z.array(z.object({ type: z.string(), description: z.string().optional() })),
        }),
      ),
    }),
  ),
  get suites() {
    return z.array(playwrightSuite).optional();
  },
});

const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  suites: z.array(playwrightSuite),
});

/**
 * @param {string} path
 * @returns {unknown}
 */
function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/**
 * @param {string} path
 * @returns {Counts | undefined}
 */
export function countVitest(path) {
  const report = vitestReport.safeParse(readJson(path)).data;
  if (report === undefined) return undefined;
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: tests
      .filter(({ status }) => !['passed', 'failed'].includes(status))
      .map(({ fullName }) => fullName),
  };
}

/**
 * @param {readonly z.infer<typeof playwrightSuite>[]} suites
 * @returns {string[]}
 */
function skippedIn(suites) {
  return suites.flatMap((suite) => [
    ...suite.specs.flatMap(({ title, tests }) =>
      tests
        .filter(({ status }) => status === 'skipped')
        .map(({ annotations }) => {
          const reason = annotations.find(({ type }) => type === 'skip')?.description;
          return reason === undefined ? title : `${title}: ${reason}`;
        }),
    ),
    ...skippedIn(suite.suites ?? []),
  ]);
}

/**
 * A test that passed only at a second try counts as failed.
 * @param {string} path
 * @returns {Counts | undefined}
 */
export function countPlaywright(path) {
  const report = playwrightReport.safeParse(readJson(path)).data;
  if (report === undefined) return undefined;
  const { expected, unexpected, flaky } = report.stats;
  return { passed: expected, failed: unexpected + flaky, skipped: skippedIn(report.suites) };
}
