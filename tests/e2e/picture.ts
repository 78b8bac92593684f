import type { Page } from '@playwright/test';

const wanted = process.env['PICTURES'] !== undefined;

/**
 * A picture for a person to look at, in `tests/results/screens`, when PICTURES is set: taking them is a third of these
 * tests' time, and nothing is asserted on them.
 */
export async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  if (wanted) await page.screenshot({ path: `tests/results/screens/${name}.png`, fullPage });
}
