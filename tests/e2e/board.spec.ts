import { expect, test, type Page } from '@playwright/test';
import { da } from '../../renderer/i18n/desk/da.js';
import { en } from '../../renderer/i18n/desk/en.js';
import { formatMessage } from '../../renderer/i18n/format.js';
import { picture } from './picture.js';
import { boardAtWork } from './scripted-desk.js';
import { kioskAtRest, scriptKiosk } from './scripted-kiosk.js';
import { expectAccessible, expectNoScrolling } from './screen-rules.js';
import { serveKiosk, type ServedKiosk } from './served-kiosk.js';
import { screens } from './visitor.js';

// The lobby's board with a full queue, as main tells of it.

let kiosk: ServedKiosk;

const [service] = boardAtWork.services;
const fullBoard = {
  ...boardAtWork,
  services: ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => ({ ...service, id })),
};

test.beforeAll(async () => {
  kiosk = await serveKiosk();
});
test.afterAll(async () => {
  await kiosk.stop();
});

/** Every row that is on the board is whole. */
async function expectWholeRows(page: Page): Promise<void> {
  const cut = await page.locator('.now ol').evaluate((list) => {
    const bottom = list.getBoundingClientRect().bottom;
    return [...list.children]
      .filter((row) => row.getBoundingClientRect().bottom > bottom + 1)
      .map((row) => row.textContent);
  });
  expect(cut).toEqual([]);
  const aside = page.locator('aside');
  const [inside, shown] = await aside.evaluate((box) => [box.scrollHeight, box.clientHeight]);
  expect(inside).toBeLessThanOrEqual(shown);
}

for (const size of ['landscape', 'portrait', 'small'] as const) {
  test(`rows stay whole, whatever banners take the room, and a lost line is told: ${size}`, async ({
    page,
  }) => {
    await page.setViewportSize(screens[size]);
    await page.clock.install();
    await scriptKiosk(page, kioskAtRest, { 'board.state': { ok: true, value: fullBoard } });
    await page.goto(`${new URL(kiosk.address).origin}/board`);
    await expect(page.getByText('A011').first()).toBeVisible();
    // Nobody has touched the page yet: it says that it is silent.
    await expect(page.getByRole('button', { name: da.board.sound })).toBeVisible();
    await expectWholeRows(page);
    await expectAccessible(page);

    // Main answers no more.
    await page.evaluate(() => {
      const { forhal } = window as unknown as { forhal: { post: (text: string) => void } };
      forhal.post = () => undefined;
    });
    await page.clock.runFor(30_000);
    for (const [language, { board }] of Object.entries({ da, en })) {
      await expect(
        page.getByText(formatMessage(language, board.lost, { time: boardAtWork.time })),
      ).toBeVisible();
    }
    await expectWholeRows(page);
    await expectNoScrolling(page);
    await expectAccessible(page);
    await picture(page, `board-lost-${size}`);
  });
}

test('a queue that cannot be reached is told in both languages, over what was so before', async ({
  page,
}) => {
  await page.setViewportSize(screens.landscape);
  const away = { ...boardAtWork, source: 'leased', lastKnown: '10:25' };
  await scriptKiosk(page, kioskAtRest, { 'board.state': { ok: true, value: away } });
  await page.goto(`${new URL(kiosk.address).origin}/board`);
  await expect(page.getByText('A011').first()).toBeVisible();
  for (const [language, { board }] of Object.entries({ da, en })) {
    await expect(page.getByText(formatMessage(language, board.away, { time: '10:25' }))).toBeVisible();
  }
  await expectWholeRows(page);
  await expectAccessible(page);
});
