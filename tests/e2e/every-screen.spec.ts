import { expect, test } from '@playwright/test';
import type { KioskState, Language, QueueOffer, Verdict } from '../../main/api/contract.js';
import { adviceOrder, reasonRules } from '../../main/chip-check/rules.js';
import { picture } from './picture.js';
import { serveKiosk, type ServedKiosk } from './served-kiosk.js';
import { kioskAtRest, scriptKiosk } from './scripted-kiosk.js';
import { expectAccessible, expectLargeEnough, expectNoScrolling, expectOneLanguage } from './screen-rules.js';
import { languages, screens, Visitor, type ScreenSize } from './visitor.js';

// Screens that no device shows on demand: each verdict, each trouble, each dialog, in each language and theme.

let kiosk: ServedKiosk;

test.beforeAll(async () => {
  kiosk = await serveKiosk();
});

test.afterAll(async () => {
  await kiosk.stop();
});

const specimens = [
  {
    document: 'passport-pace',
    kind: 'passport',
    key: { documentNumber: 'XP4271903', birthDate: '1984-03-17', expiryDate: '2034-09-30' },
  },
];

const inLanguage = (language: Language, demo = true): KioskState => ({
  ...kioskAtRest,
  chipReader: { kind: 'ready', documentPresent: true },
  demo,
  settings: { ...kioskAtRest.settings, defaultLanguage: language },
});

/** A verdict leads to a number, which takes room on the screen. */
const offer: QueueOffer = {
  services: [
    {
      id: 'mitid',
      names: { da: 'MitID', en: 'MitID' },
      state: { kind: 'open', until: '15:00' },
      waiting: 2,
      ahead: 2,
      estimate: { kind: 'unknown' },
    },
  ],
  appointments: true,
  chipCheckService: 'mitid',
  source: 'ready',
  printer: { kind: 'ready', paperLow: false },
};

const worstReadyBut: Verdict = {
  outcome: 'ready-but',
  reasons: ['under-15', 'document-type-unsure', 'photo-small', 'issuer-unknown', 'expires-soon'],
  advice: ['use-app', 'better-light-for-face', 'renew-passport', 'visit-citizen-service', 'no-promise'],
  retry: 'none',
};

function verdictFor({ reason, outcome, advice, retry }: (typeof reasonRules)[number]): Verdict {
  const readable = outcome === 'ready' || outcome === 'ready-but';
  const advised = new Set(readable ? [...advice, 'no-promise' as const] : advice);
  return { outcome, reasons: [reason], advice: adviceOrder.filter((item) => advised.has(item)), retry };
}

const sizes: readonly ScreenSize[] = ['portrait', 'landscape', 'small'];

for (const size of sizes) {
  for (const language of languages) {
    test(`every verdict fits on the screen and is said in one language: ${language}, ${size}`, async ({
      page,
    }) => {
      await page.setViewportSize(screens[size]);
      const scripted = await scriptKiosk(page, inLanguage(language), {
        'demo.specimens': { ok: true, value: specimens },
        'queue.offer': { ok: true, value: offer },
      });
      const visitor = new Visitor(page, language);
      await visitor.arrive(kiosk.address);
      await visitor.fillIn('passport-pace');
      for (const verdict of [...reasonRules.map(verdictFor), worstReadyBut]) {
        await visitor.touch(visitor.text.review.start);
        await visitor.seesTitle(visitor.say(visitor.text.placing.title, { document: 'passport' }));
        await scripted.emit('chipCheck.verdict', { id: 'check', verdict });
        await visitor.waitForVerdict();
        await expectNoScrolling(page);
        await expectOneLanguage(page, language);
        await picture(page, `verdicts/${language}-${size}-${verdict.reasons.join('+')}`);
        await visitor.touch(visitor.text.frame.back);
      }
    });
  }
}

for (const language of languages) {
  for (const theme of ['normal', 'high contrast'] as const) {
    test(`every screen is accessible: ${language}, ${theme}`, async ({ page }) => {
      await page.setViewportSize(screens.landscape);
      await page.emulateMedia({ reducedMotion: 'reduce' });
      const state = inLanguage(language);
      const scripted = await scriptKiosk(page, state, { 'demo.specimens': { ok: true, value: specimens } });
      const visitor = new Visitor(page, language);
      let shots = 0;
      const onScreen = async (name: string): Promise<void> => {
        shots += 1;
        await expectAccessible(page);
        await expectOneLanguage(page, language);
        const number = String(shots).padStart(2, '0');
        const folder = theme === 'normal' ? 'states' : 'high-contrast';
        await picture(page, `${folder}/${language}-landscape-${number}-${name}`);
      };

      await visitor.arrive(kiosk.address);
      if (theme === 'high contrast') {
        await visitor.touch(visitor.text.frame.highContrast);
        await expect(page.locator('html')).toHaveAttribute('data-contrast', 'high');
      }
      await onScreen('home');
      await visitor.touch(visitor.text.frame.help);
      await onScreen('help');
      await visitor.touch(visitor.text.frame.close);
      await visitor.touch(visitor.text.demo.open);
      await onScreen('demo-bench');
      await visitor.touch(visitor.text.frame.close);
      await visitor.enterKey('identity-card', onScreen);
      await visitor.touch(visitor.text.review.start);
      await onScreen('placing-card');
      await scripted.emit('chipCheck.progress', { id: 'check', step: 'photo', fraction: 0.4 });
      await visitor.seesTitle(visitor.say(visitor.text.progress.title, { document: 'identity-card' }));
      await onScreen('progress-card');
      for (const reason of ['issuer-not-checked', 'photo-small', 'chip-silent', 'wrong-details'] as const) {
        const rule = reasonRules.find((each) => each.reason === reason)!;
        await scripted.emit('chipCheck.verdict', { id: 'check', verdict: verdictFor(rule) });
        await visitor.waitForVerdict();
        await onScreen(`verdict-${rule.outcome}`);
        await visitor.touch(visitor.text.frame.back);
        await visitor.touch(visitor.text.review.start);
      }
      for (const kind of ['no-reader', 'service-absent', 'restarting'] as const) {
        await scripted.emit('kiosk.state', { ...state, chipReader: { kind } });
        await expect(page.getByText(visitor.text.trouble[kind].what)).toBeVisible();
        await onScreen(`reader-${kind}`);
      }
      await scripted.emit('kiosk.state', { ...state, chipReader: { kind: 'no-reader' } });
      await visitor.touch(visitor.text.frame.finish);
      await expect(visitor.title).toBeFocused();
      if (await visitor.button(visitor.text.frame.highContrast).isVisible()) {
        if (theme === 'high contrast') await visitor.touch(visitor.text.frame.highContrast);
      }
      await onScreen('home-no-reader');
    });
  }
}

for (const step of [1, 2]) {
  for (const size of ['portrait', 'landscape'] as const) {
    test(`text ${step} step larger stays whole and reachable: ${size}`, async ({ page }) => {
      await page.setViewportSize(screens[size]);
      await scriptKiosk(page, inLanguage('da', false));
      const visitor = new Visitor(page, 'da');
      await visitor.arrive(kiosk.address);
      const before = await visitor.title.evaluate((title) =>
        Number.parseFloat(getComputedStyle(title).fontSize),
      );
      for (let pressed = 0; pressed < step; pressed += 1) await visitor.touch(visitor.text.frame.largerText);
      const after = await visitor.title.evaluate((title) =>
        Number.parseFloat(getComputedStyle(title).fontSize),
      );
      expect(after / before).toBeCloseTo(step === 1 ? 1.15 : 1.3, 1);
      await visitor.enterKey('passport-pace', async (name) => {
        await expectLargeEnough(page);
        const outside = await page.evaluate(() =>
          [...document.querySelectorAll('header, footer, footer button, main')]
            .filter((box) => {
              const { left, right, top, bottom } = box.getBoundingClientRect();
              return left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1;
            })
            .map((box) => box.textContent),
        );
        expect(outside).toEqual([]);
        await picture(page, `larger-text/${size}-${step}-${name}`);
      });
    });
  }
}

test('a check that another one keeps waiting says so, and can be tried again', async ({ page }) => {
  await scriptKiosk(page, inLanguage('en'), {
    'demo.specimens': { ok: true, value: specimens },
    'chipCheck.start': { ok: false, error: { kind: 'busy' } },
  });
  const visitor = new Visitor(page, 'en');
  await page.setViewportSize(screens.portrait);
  await visitor.arrive(kiosk.address);
  await visitor.fillIn('passport-pace');
  await visitor.touch(visitor.text.review.start);
  await visitor.seesTitle(visitor.text.trouble.busy.what);
  await expectAccessible(page);
  await expectNoScrolling(page);
  await expect(visitor.button(visitor.text.verdict.again)).toBeVisible();
});

test('real devices carry no demo mark', async ({ page }) => {
  await scriptKiosk(page, inLanguage('da', false));
  const visitor = new Visitor(page, 'da');
  await visitor.arrive(kiosk.address);
  await expect(page.getByText(visitor.text.demo.banner, { exact: true })).toHaveCount(0);
  await expect(visitor.button(visitor.text.demo.open)).toHaveCount(0);
});
