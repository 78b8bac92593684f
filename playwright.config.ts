import { defineConfig } from '@playwright/test';
import { browserArguments, browserPath } from './tests/e2e/browser.js';

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'tests/results/playwright',
  // Each waits more than it works.
  workers: 2,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    actionTimeout: 10_000,
    launchOptions: { executablePath: browserPath, args: [...browserArguments] },
  },
});
