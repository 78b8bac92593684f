import { expect, test } from '@playwright/test';
import type { Advice, Verdict, VerdictReason } from '../../main/api/contract.js';
import { kioskAtRest, scriptKiosk } from './scripted-kiosk.js';
import { serveKiosk, type ServedKiosk } from './served-kiosk.js';
import { screens, Visitor } from './visitor.js';

const demoSpecimen = { documentNumber: 'XP4271903', birthDate: '1984-03-17', expiryDate: '2034-09-30' };

let kiosk: ServedKiosk;

test.beforeAll(async () => {
  kiosk = await serveKiosk({ language: 'en' });
});

test.afterAll(async () => {
  await kiosk.stop();
});

interface Case {
  readonly says: string;
  readonly document: Parameters<Visitor['place']>[0];
  readonly fault: NonNullable<Parameters<Visitor['place']>[1]>;
  readonly outcome: Verdict['outcome'];
  readonly reason: VerdictReason;
  readonly advice: Advice;
}

const cases: readonly Case[] = [
  {
    says: 'an expired passport is not ready: get a new one',
    document: 'passport-expired',
    fault: 'none',
    outcome: 'not-ready',
    reason: 'expired',
    advice: 'renew-passport',
  },
  {
    says: 'an emergency passport is not ready',
    document: 'passport-emergency',
    fault: 'none',
    outcome: 'not-ready',
    reason: 'temporary-document',
    advice: 'visit-citizen-service',
  },
  {
    says: 'a small photo is ready, but the face scan may fail',
    document: 'passport-small-photo',
    fault: 'none',
    outcome: 'ready-but',
    reason: 'photo-small',
    advice: 'better-light-for-face',
  },
  {
    says: 'a chip that opens with another key: check what was typed',
    document: 'passport-bac',
    fault: 'wrong-key',
    outcome: 'could-not-tell',
    reason: 'wrong-details',
    advice: 'check-typed-details',
  },
  {
    says: 'a passport that is taken away in mid-read: keep it still',
    document: 'passport-bac',
    fault: 'torn',
    outcome: 'could-not-tell',
    reason: 'moved-too-early',
    advice: 'try-again-keep-still',
  },
  {
    says: 'another card on the reader: take it away',
    document: 'passport-pace',
    fault: 'not-a-passport',
    outcome: 'not-ready',
    reason: 'not-a-travel-document',
    advice: 'remove-other-cards',
  },
  {
    says: 'a photo that was changed: Citizen Service',
    document: 'passport-brainpool',
    fault: 'tampered-photo',
    outcome: 'not-ready',
    reason: 'data-altered',
    advice: 'visit-citizen-service',
  },
  {
    says: 'a signature that is wrong: Citizen Service',
    document: 'passport-bac',
    fault: 'tampered-signature',
    outcome: 'not-ready',
    reason: 'signature-wrong',
    advice: 'visit-citizen-service',
  },
  {
    says: 'a chip that never answers: what helps at this reader first',
    document: 'passport-pace',
    fault: 'dead',
    outcome: 'not-ready',
    reason: 'chip-silent',
    advice: 'place-open-photo-down',
  },
];

for (const { says, document, fault, outcome, reason, advice } of cases) {
  test(says, async ({ page }) => {
    await page.setViewportSize(screens.portrait);
    const visitor = new Visitor(page, 'en');
    await visitor.arrive(kiosk.address);
    await visitor.place(document, fault);
    await visitor.fillIn(document);
    await visitor.touch(visitor.text.review.start);
    await visitor.waitForVerdict();
    const about = { document: document === 'identity-card' ? 'identity-card' : 'passport' };
    await visitor.seesTitle(visitor.say(visitor.text.verdict.titles[outcome], about));
    const reasons = page.getByRole('region', { name: visitor.text.verdict.reasons[outcome] });
    await expect(reasons.getByRole('listitem').first()).toContainText(visitor.text.reasons[reason].what);
    const advised = page.getByRole('region', { name: visitor.text.verdict.advice });
    await expect(advised.getByText(visitor.say(visitor.text.advice[advice], about))).toBeVisible();
    await visitor.takeOff();
    await visitor.touch(visitor.text.frame.finish);
  });
}

test('wrong details lead back to what was typed, and the corrected check succeeds', async ({ page }) => {
  await page.setViewportSize(screens.landscape);
  const visitor = new Visitor(page, 'en');
  await visitor.arrive(kiosk.address);
  await visitor.place('passport-pace');
  await visitor.fillIn('passport-pace');
  const change = page.getByRole('button', { name: visitor.text.review.change });
  await change.nth(1).click();
  await visitor.touch(visitor.text.documentNumber.erase);
  await visitor.typeOnKeypad('4');
  await visitor.touch(visitor.text.frame.continue);
  await visitor.touch(visitor.text.review.start);
  await visitor.waitForVerdict();
  await expect(page.getByText(visitor.text.reasons['wrong-details'].what).first()).toBeVisible();

  await visitor.touch(visitor.text.verdict.change);
  await visitor.seesTitle(visitor.text.review.title);
  await change.nth(1).click();
  await visitor.touch(visitor.text.documentNumber.erase);
  await visitor.typeOnKeypad('3');
  await visitor.touch(visitor.text.frame.continue);
  await visitor.touch(visitor.text.review.start);
  await visitor.waitForVerdict();
  await visitor.seesTitle(visitor.text.verdict.titles.ready);
  await visitor.takeOff();
  await visitor.touch(visitor.text.frame.finish);
});

test('a number with spaces and hyphens is typed as the machine-readable zone has it', async ({ page }) => {
  await page.setViewportSize(screens.landscape);
  const scripted = await scriptKiosk(page, kioskAtRest);
  const visitor = new Visitor(page, 'da');
  await visitor.arrive(kiosk.address);
  await visitor.touch(visitor.text.home.action);
  await page.getByRole('button', { name: visitor.text.documentKind.passport }).click();
  await page.keyboard.type('a b-1<');
  await visitor.typeOnKeypad('<45');
  await visitor.touch(visitor.text.frame.continue);
  await visitor.enterDate('1984-03-17');
  await visitor.enterDate('2034-09-30');
  await visitor.touch(visitor.text.review.start);
  await visitor.seesTitle(visitor.say(visitor.text.placing.title, { document: 'passport' }));
  expect((await scripted.calls()).find(({ method }) => method === 'chipCheck.start')?.input).toMatchObject({
    key: { documentNumber: 'A<B<1<<45' },
  });
});

test('a check that was stopped has no advice, and no heading for it either', async ({ page }) => {
  await page.setViewportSize(screens.landscape);
  const specimen = { document: 'passport-pace', kind: 'passport', key: demoSpecimen };
  const scripted = await scriptKiosk(
    page,
    { ...kioskAtRest, demo: true },
    { 'demo.specimens': { ok: true, value: [specimen] } },
  );
  const visitor = new Visitor(page, 'da');
  await visitor.arrive(kiosk.address);
  await visitor.fillIn('passport-pace');
  await visitor.touch(visitor.text.review.start);
  await visitor.seesTitle(visitor.say(visitor.text.placing.title, { document: 'passport' }));
  await scripted.emit('chipCheck.verdict', {
    id: 'check',
    verdict: { outcome: 'could-not-tell', reasons: ['cancelled'], advice: [], retry: 'same-details' },
  });
  await visitor.seesTitle(visitor.text.verdict.titles['could-not-tell']);
  await expect(page.getByText(visitor.text.reasons.cancelled.what).first()).toBeVisible();
  await expect(page.getByRole('heading', { name: visitor.text.verdict.advice })).toHaveCount(0);
});
