import { expect, test } from '@playwright/test';
import { picture } from './picture.js';
import { serveKiosk, type ServedKiosk } from './served-kiosk.js';
import {
  expectAccessible,
  expectFocusAtTitle,
  expectLargeEnough,
  expectNoScrolling,
  expectOneLanguage,
} from './screen-rules.js';
import { languages, screens, Visitor, type ScreenSize } from './visitor.js';

let kiosk: ServedKiosk;

test.beforeAll(async () => {
  kiosk = await serveKiosk();
});

test.afterAll(async () => {
  await kiosk.stop();
});

const sizes: readonly ScreenSize[] = ['portrait', 'landscape', 'small'];

for (const size of sizes) {
  for (const language of languages) {
    test(`a visitor checks a passport from the first touch to the verdict: ${language}, ${size}`, async ({
      page,
    }) => {
      await page.setViewportSize(screens[size]);
      await page.emulateMedia({ reducedMotion: 'reduce' });
      const visitor = new Visitor(page, language);
      let shots = 0;
      const onScreen = async (name: string): Promise<void> => {
        shots += 1;
        const number = String(shots).padStart(2, '0');
        await expectNoScrolling(page);
        await expectLargeEnough(page);
        await expectOneLanguage(page, language);
        // The passport's shape and text are the same in each size: once a language is enough.
        if (size === 'portrait') await expectAccessible(page);
        await picture(page, `${language}-${size}-${number}-${name}`);
      };

      await visitor.arrive(kiosk.address);
      await expect(page.getByText(visitor.text.demo.banner, { exact: true })).toBeVisible();
      await onScreen('home');
      await visitor.enterKey('passport-pace', onScreen);
      await visitor.touch(visitor.text.review.start);
      await visitor.seesTitle(visitor.say(visitor.text.placing.title, { document: 'passport' }));
      await expectFocusAtTitle(page);
      await onScreen('placing');
      await visitor.place('passport-pace', 'slow');
      await visitor.seesTitle(visitor.say(visitor.text.progress.title, { document: 'passport' }));
      await expect(page.getByRole('listitem').filter({ has: page.locator('svg') })).not.toHaveCount(0);
      await onScreen('progress');
      await visitor.takeOff();
      await visitor.waitForVerdict();
      await visitor.seesTitle(visitor.text.verdict.titles['could-not-tell']);
      await expectFocusAtTitle(page);
      await expect(page.getByText(visitor.text.reasons['moved-too-early'].what).first()).toBeVisible();
      await onScreen('verdict-moved');

      await visitor.touch(visitor.text.verdict.again);
      await visitor.seesTitle(visitor.say(visitor.text.placing.title, { document: 'passport' }));
      await visitor.place('passport-pace');
      await visitor.waitForVerdict();
      await visitor.seesTitle(visitor.text.verdict.titles.ready);
      await expect(
        page.getByText(visitor.say(visitor.text.advice['no-promise'], { document: 'passport' })).first(),
      ).toBeVisible();
      await onScreen('verdict-ready');

      await visitor.takeOff();
      await visitor.touch(visitor.text.frame.finish);
      await new Visitor(page, 'da').seesTitle(new Visitor(page, 'da').text.queue.welcome);
    });
  }
}

test('an identity card is checked with a keyboard alone', async ({ page }) => {
  await page.setViewportSize(screens.portrait);
  const visitor = new Visitor(page, 'da');
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const tabTo = async (name: string): Promise<void> => {
    for (let step = 0; step < 60; step += 1) {
      if (await visitor.button(name).evaluate((button) => button === document.activeElement)) return;
      await press('Tab');
    }
    throw new Error(`The Tab key never comes to ${name}`);
  };
  await visitor.arrive(kiosk.address);

  await tabTo(visitor.text.demo.open);
  await press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.getByRole('radio', { name: visitor.text.demo.documents['passport-pace'] }).focus();
  await press('ArrowDown', 'ArrowDown', 'ArrowDown');
  await tabTo(visitor.text.demo.place);
  await press('Enter');

  await tabTo(visitor.text.home.action);
  await press('Enter');
  await visitor.seesTitle(visitor.text.documentKind.title);
  await expectFocusAtTitle(page);
  await press('Tab', 'ArrowDown', 'Enter');
  await page.keyboard.type('T22000129');
  await press('Enter');
  await expectFocusAtTitle(page);
  await page.keyboard.type('1999');
  await press('Enter');
  // January with the arrow keys, the rest typed.
  await tabTo('Februar');
  await press('ArrowLeft', 'Enter');
  await expect(visitor.button('Januar')).toHaveAttribute('aria-pressed', 'true');
  await tabTo(visitor.text.frame.continue);
  await press('Enter');
  await page.keyboard.type('8');
  await press('Enter');
  await page.keyboard.type('2032');
  await press('Enter');
  await page.keyboard.type('5');
  await press('Enter');
  await page.keyboard.type('14');
  await press('Enter');
  await visitor.seesTitle(visitor.text.review.title);
  await press('Enter');
  await visitor.waitForVerdict();
  await visitor.seesTitle(visitor.text.verdict.titles.ready);
  await press('Escape');
  await visitor.seesTitle(visitor.text.review.title);
});
