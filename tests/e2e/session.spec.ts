import { expect, test, type Page } from '@playwright/test';
import { picture } from './picture.js';
import { serveKiosk, type ServedKiosk } from './served-kiosk.js';
import { expectAccessible, expectNoScrolling } from './screen-rules.js';
import { screens, textsOf, Visitor } from './visitor.js';

let kiosk: ServedKiosk;

test.beforeAll(async () => {
  kiosk = await serveKiosk({ idle: { seconds: 60, graceSeconds: 20 } });
});

test.afterAll(async () => {
  await kiosk.stop();
});

test.beforeEach(async ({ page }) => {
  await page.setViewportSize(screens.portrait);
});

async function expectNothingKept(page: Page): Promise<void> {
  const kept = await page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    cookies: document.cookie,
  }));
  expect(kept).toEqual({ local: 0, session: 0, databases: 0, caches: 0, cookies: '' });
}

test('clearing forgets everything that was typed, and how the screen was set up', async ({ page }) => {
  const english = new Visitor(page, 'en');
  const danish = new Visitor(page, 'da');
  await english.arrive(kiosk.address);
  await english.touch(english.text.frame.highContrast);
  await english.touch(english.text.frame.largerText);
  await english.enterKey('passport-bac');
  await expect(page.getByText('XB1180264')).toBeVisible();
  await english.touch(english.text.frame.finish);

  await danish.seesTitle(danish.text.queue.welcome);
  await expect(page.locator('html')).toHaveAttribute('data-contrast', 'normal');
  await expect(danish.button(danish.text.frame.largerText)).toBeVisible();
  await danish.touch(danish.text.home.action);
  await page.getByRole('button', { name: danish.text.documentKind.passport }).click();
  await expect(page.getByLabel(danish.text.documentNumber.field, { exact: true })).toHaveText('');
  expect(await page.content()).not.toContain('XB1180264');
  await expectNothingKept(page);
});

test('going back to home forgets what was typed as well', async ({ page }) => {
  const visitor = new Visitor(page, 'da');
  await visitor.arrive(kiosk.address);
  await visitor.touch(visitor.text.home.action);
  await page.getByRole('button', { name: visitor.text.documentKind.passport }).click();
  await visitor.typeOnKeypad('AB12');
  await visitor.touch(visitor.text.frame.back);
  await visitor.touch(visitor.text.frame.back);
  await visitor.seesTitle(visitor.text.queue.welcome);

  await visitor.touch(visitor.text.home.action);
  await visitor.seesTitle(visitor.text.documentKind.title);
  await expect(page.locator('[aria-pressed="true"]')).toHaveCount(0);
  await page.getByRole('button', { name: visitor.text.documentKind.passport }).click();
  await expect(page.getByLabel(visitor.text.documentNumber.field, { exact: true })).toHaveText('');
});

test('the language can be changed in the middle, and what was typed stays', async ({ page }) => {
  const danish = new Visitor(page, 'da');
  const english = new Visitor(page, 'en');
  await danish.arrive(kiosk.address);
  await danish.touch(danish.text.home.action);
  await page.getByRole('button', { name: danish.text.documentKind.passport }).click();
  await danish.typeOnKeypad('AB12');
  await danish.touch('English');
  await english.seesTitle(english.say(english.text.documentNumber.title, { document: 'passport' }));
  await expect(page.getByLabel(english.text.documentNumber.field, { exact: true })).toHaveText('AB12');
  await english.touch('Dansk');
  await danish.seesTitle(danish.say(danish.text.documentNumber.title, { document: 'passport' }));
});

test('a person who has left is asked, and then forgotten', async ({ page }) => {
  await page.clock.install();
  const visitor = new Visitor(page, 'da');
  await visitor.arrive(kiosk.address);
  await visitor.enterKey('passport-pace');
  await page.clock.runFor(59_000);
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await page.clock.runFor(2_000);
  const question = page.getByRole('alertdialog', { name: visitor.text.idle.title });
  await expect(question).toBeVisible();
  await expect(visitor.button(visitor.text.idle.more)).toBeFocused();
  await expectNoScrolling(page);
  await page.clock.runFor(20_000);
  await visitor.seesTitle(visitor.text.queue.welcome);
  await expect(question).toHaveCount(0);
  expect(await page.content()).not.toContain('XP4271903');
  await expectNothingKept(page);
});

test('a person who asks for more time goes on where they were', async ({ page }) => {
  await page.clock.install();
  const visitor = new Visitor(page, 'da');
  await visitor.arrive(kiosk.address);
  await visitor.enterKey('passport-pace');
  await page.clock.runFor(61_000);
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await visitor.touch(visitor.text.idle.more);
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await visitor.seesTitle(visitor.text.review.title);
  await expect(page.getByText('XP4271903')).toBeVisible();
  await page.clock.runFor(30_000);
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
});

test('the question for more time is accessible', async ({ page }) => {
  const quick = await serveKiosk({ language: 'en', idle: { seconds: 5, graceSeconds: 60 } });
  try {
    const visitor = new Visitor(page, 'en');
    await visitor.arrive(quick.address);
    await visitor.touch(visitor.text.home.action);
    await expect(page.getByRole('alertdialog', { name: visitor.text.idle.title })).toBeVisible();
    await expectAccessible(page);
    await picture(page, 'states/en-portrait-idle');
    await page.getByRole('alertdialog').getByRole('button', { name: visitor.text.frame.finish }).click();
    await visitor.seesTitle(visitor.text.queue.welcome);
  } finally {
    await quick.stop();
  }
});

test('a screen that was only set up differently goes back to normal by itself, without a question', async ({
  page,
}) => {
  await page.clock.install();
  const english = new Visitor(page, 'en');
  await english.arrive(kiosk.address);
  await english.touch(english.text.frame.highContrast);
  await page.clock.runFor(61_000);
  await expect(page.locator('html')).toHaveAttribute('data-contrast', 'normal');
  await new Visitor(page, 'da').seesTitle(textsOf('da').queue.welcome);
});

test('a lost connection is said at once, and the kiosk goes on when it is back', async ({ page }) => {
  const visitor = new Visitor(page, 'en');
  let sever: () => Promise<void> = async () => {};
  await page.routeWebSocket(/^ws:/, (socket) => {
    const server = socket.connectToServer();
    sever = async () => {
      await socket.close();
      await server.close();
    };
  });
  await visitor.arrive(kiosk.address);
  await visitor.fillIn('passport-pace');
  await visitor.touch(visitor.text.review.start);
  await visitor.seesTitle(visitor.say(visitor.text.placing.title, { document: 'passport' }));
  await sever();
  await visitor.seesTitle(visitor.text.trouble.interrupted.what);
  await expect(page.getByText(visitor.text.trouble.disconnected.what)).toHaveCount(0);
  await visitor.touch(visitor.text.verdict.again);
  await visitor.seesTitle(visitor.say(visitor.text.placing.title, { document: 'passport' }));
  await visitor.touch(visitor.text.frame.finish);
});

test('a kiosk that has stopped is said on the screen', async ({ page }) => {
  const short = await serveKiosk({ language: 'en' });
  const visitor = new Visitor(page, 'en');
  await visitor.arrive(short.address);
  await short.stop();
  await expect(page.getByRole('alert')).toContainText(visitor.text.trouble.disconnected.what);
  await expectNoScrolling(page);
});

test('an address without its token, or with one of an earlier start, says which address to open', async ({
  page,
}) => {
  const { unknownAddress } = textsOf('da').trouble;
  const bare = new URL(kiosk.address);
  for (const hash of ['', '#token=of-an-earlier-start']) {
    bare.hash = hash;
    await page.goto('about:blank');
    await page.goto(bare.href);
    await expect(page.getByRole('alert')).toContainText(unknownAddress.what);
    await expect(page.getByRole('alert')).toContainText(unknownAddress.next);
  }
  await picture(page, 'address-refused');
});

test('no shortcut of the browser gets past the page, and AltGr still types', async ({ page }) => {
  await new Visitor(page, 'da').arrive(kiosk.address);
  const taken = await page.evaluate(() => {
    const shortcuts: Readonly<Record<string, KeyboardEventInit>> = {
      'Ctrl+N': { key: 'n', ctrlKey: true },
      'Ctrl+T': { key: 't', ctrlKey: true },
      'Ctrl+P': { key: 'p', ctrlKey: true },
      F5: { key: 'F5' },
      F11: { key: 'F11' },
      F12: { key: 'F12' },
      'Alt+Left': { key: 'ArrowLeft', altKey: true },
      'Ctrl+Plus': { key: '+', ctrlKey: true },
      'Shift+Escape': { key: 'Escape', shiftKey: true },
      'AltGr+2': { key: '@', ctrlKey: true, altKey: true, modifierAltGraph: true },
      'a letter': { key: 'a' },
      Tab: { key: 'Tab' },
    };
    const press = (init: KeyboardEventInit): boolean =>
      !document.body.dispatchEvent(
        new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }),
      );
    return Object.entries(shortcuts)
      .filter(([, init]) => press(init))
      .map(([name]) => name);
  });
  expect(taken).toEqual([
    'Ctrl+N',
    'Ctrl+T',
    'Ctrl+P',
    'F5',
    'F11',
    'F12',
    'Alt+Left',
    'Ctrl+Plus',
    'Shift+Escape',
  ]);
  const menuTaken = await page.evaluate(
    () => !document.body.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true })),
  );
  expect(menuTaken).toBe(true);
});
