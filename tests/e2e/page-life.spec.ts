import { expect, test, type Page } from '@playwright/test';
import type { Verdict } from '../../main/api/contract.js';
import { serveKiosk, type ServedKiosk } from './served-kiosk.js';
import { kioskAtRest, scriptKiosk, type ScriptedKiosk } from './scripted-kiosk.js';
import { screens, Visitor } from './visitor.js';

// What the page says of itself to the shell, and how a check and the question for more time go together.

let kiosk: ServedKiosk;

test.beforeAll(async () => {
  kiosk = await serveKiosk();
});

test.afterAll(async () => {
  await kiosk.stop();
});

test.beforeEach(async ({ page }) => {
  await page.setViewportSize(screens.portrait);
});

const beats = async (scripted: ScriptedKiosk): Promise<number> =>
  (await scripted.calls()).filter(({ method }) => method === 'kiosk.heartbeat').length;

/** Lets the screens that name a month fail to be drawn, until the page is loaded anew. */
async function breakMonths(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.defineProperty(Intl.DateTimeFormat.prototype, 'format', {
      get: () => {
        throw new Error('broken by the test');
      },
    });
  });
}

async function walkToMonths(visitor: Visitor): Promise<void> {
  await visitor.touch(visitor.text.home.action);
  await visitor.page.getByRole('button', { name: visitor.text.documentKind.passport }).click();
  await visitor.typeOnKeypad('AB1234567');
  await visitor.touch(visitor.text.frame.continue);
  await visitor.typeOnKeypad('1984');
  await visitor.touch(visitor.text.frame.continue);
}

test('the page gives a sign of life with its first screen, and none after a fault', async ({ page }) => {
  await page.clock.install();
  const scripted = await scriptKiosk(page, kioskAtRest);
  const visitor = new Visitor(page, 'da');
  await visitor.arrive(kiosk.address);
  await expect.poll(() => beats(scripted)).toBeGreaterThan(0);
  await page.clock.runFor(11_000);
  const alive = await beats(scripted);
  expect(alive).toBeGreaterThanOrEqual(3);
  await page.evaluate(() => window.dispatchEvent(new ErrorEvent('error', { message: 'late layout' })));
  await page.clock.runFor(6_000);
  const stillAlive = await beats(scripted);
  expect(stillAlive).toBeGreaterThan(alive);
  await page.evaluate(() => void Promise.reject(new Error('forgotten')));
  await page.clock.runFor(30_000);
  expect(await beats(scripted)).toBe(stillAlive);
});

test('a screen that cannot be drawn loads the page anew, once, and then leaves it to the shell', async ({
  page,
}) => {
  const scripted = await scriptKiosk(page, kioskAtRest);
  const visitor = new Visitor(page, 'da');
  await visitor.arrive(kiosk.address);
  await breakMonths(page);
  await walkToMonths(visitor);
  await visitor.seesTitle(visitor.text.queue.welcome);

  await expect.poll(() => beats(scripted)).toBeGreaterThan(0);
  await breakMonths(page);
  await walkToMonths(visitor);
  await expect(page.locator('main')).toHaveCount(0);
  await page.clock.install();
  const alive = await beats(scripted);
  await page.clock.runFor(30_000);
  expect(await beats(scripted)).toBe(alive);
});

const noDocument: Verdict = {
  outcome: 'could-not-tell',
  reasons: ['no-document'],
  advice: ['ask-staff'],
  retry: 'same-details',
};

async function beginCheck(page: Page): Promise<{ scripted: ScriptedKiosk; visitor: Visitor }> {
  await page.clock.install();
  const scripted = await scriptKiosk(page, kioskAtRest);
  const visitor = new Visitor(page, 'da');
  await visitor.arrive(kiosk.address);
  await visitor.enterKey('passport-pace');
  await visitor.touch(visitor.text.review.start);
  await visitor.seesTitle(visitor.say(visitor.text.placing.title, { document: 'passport' }));
  return { scripted, visitor };
}

test('a verdict takes the place of the question for more time, and has its own time', async ({ page }) => {
  const { scripted, visitor } = await beginCheck(page);
  await page.clock.runFor(61_000);
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await scripted.emit('chipCheck.verdict', { id: 'check', verdict: noDocument });
  await visitor.seesTitle(visitor.text.verdict.titles['could-not-tell']);
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await page.clock.runFor(58_000);
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await page.clock.runFor(3_000);
  await expect(page.getByRole('alertdialog')).toBeVisible();
});

test('a chip that is found while the question for more time stands takes the question away', async ({
  page,
}) => {
  const { scripted, visitor } = await beginCheck(page);
  await page.clock.runFor(61_000);
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await scripted.emit('chipCheck.progress', { id: 'check', step: 'connect', fraction: 0 });
  await visitor.seesTitle(visitor.say(visitor.text.progress.title, { document: 'passport' }));
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
});
