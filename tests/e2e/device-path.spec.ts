import { expect, test, type Browser, type Page } from '@playwright/test';
import { questionsFor } from '../../main/api/contract.js';
import type { DeviceVerdict, GuidedAnswer, GuidedQuestion, Language } from '../../main/api/contract.js';
import { da } from '../../renderer/i18n/desk/da.js';
import { en } from '../../renderer/i18n/desk/en.js';
import { alwaysOpen } from '../always-open.js';
import { picture } from './picture.js';
import { expectAccessible, expectNoScrolling } from './screen-rules.js';
import { serveKiosk, type ServedKiosk } from './served-kiosk.js';
import { languages, screens, textsOf, Visitor } from './visitor.js';

// The whole way, for real: each device tested by the kiosk with demo devices, the number that is taken for one that is
// broken, its reason at a desk, and the bench of staff and technicians. In the demo rig a code is good for half a
// second, so that a test of it takes some twenty seconds.

const staffPin = '407193';
const technicianPin = '582904';
const desks = { da: da.staff, en: en.staff };
/** A test in the demo rig, ms. */
const rigTest = { timeout: 60_000 };

let kiosk: ServedKiosk;
let origin: string;

test.beforeAll(async ({ browser }) => {
  kiosk = await serveKiosk({ queue: alwaysOpen });
  origin = new URL(kiosk.address).origin;
  await choosePins(browser);
});
test.afterAll(async () => {
  await kiosk.stop();
});

async function logIn(page: Page, role: 'staff' | 'technician', pin: string): Promise<void> {
  await page.goto(`${origin}/staff`);
  await page.getByRole('radio', { name: desks.da.roles[role] }).check();
  await page.getByLabel(desks.da.login.pin).fill(pin);
  await page.getByRole('button', { name: desks.da.login.go }).click();
}

/** The technician's first login, with which both roles get their PINs. */
async function choosePins(browser: Browser): Promise<void> {
  const page = await browser.newPage();
  const { login } = desks.da;
  await logIn(page, 'technician', /first PIN of the technician: (\d+)/.exec(kiosk.said())?.[1] ?? '');
  await page.getByLabel(login.setOwn).fill(technicianPin);
  await page.keyboard.press('Enter');
  await page.getByLabel(login.again).fill(technicianPin);
  await page.getByRole('button', { name: login.save }).click();
  await page.getByLabel(login.setStaff).fill(staffPin);
  await page.getByLabel(login.again).fill(staffPin);
  await page.getByRole('button', { name: login.save }).click();
  await expect(page.getByText(login.saved)).toBeVisible();
  await page.close();
}

async function atDesk(
  page: Page,
  role: 'staff' | 'technician',
  language: Language,
  counter: { readonly da: string; readonly en: string },
): Promise<void> {
  await logIn(page, role, role === 'staff' ? staffPin : technicianPin);
  if (language === 'en') await page.getByRole('button', { name: desks.da.other }).click();
  await page.getByRole('button', { name: counter[language] }).click();
}

/** A person who has a device tested. */
class DeviceVisitor extends Visitor {
  async choose(device: DeviceVerdict['device']): Promise<void> {
    const { choice } = this.text.device;
    if (await this.button(this.text.home.device).isVisible()) await this.touch(this.text.home.device);
    await this.seesTitle(choice.title);
    await this.page.getByRole('button', { name: choice[device].name }).first().click();
  }

  async setDemo(change: { readonly rig: string } | { readonly usb: string }): Promise<void> {
    const { demo, frame } = this.text;
    await this.touch(demo.open);
    if ('rig' in change) await this.page.getByLabel(demo.rig).selectOption(change.rig);
    else await this.page.getByLabel(demo.keyInUsb).selectOption(change.usb);
    await this.touch(frame.close);
  }

  async seesVerdict(
    device: DeviceVerdict['device'],
    outcome: DeviceVerdict['outcome'],
    within?: { readonly timeout: number },
  ): Promise<void> {
    const { verdict, names } = this.text.device;
    await expect(this.title).toHaveText(this.say(verdict.titles[outcome], names[device]), within);
  }

  /** One look at a verdict by axe, and one for a person. */
  async looksAt(name: string): Promise<void> {
    await expectNoScrolling(this.page);
    await expectAccessible(this.page);
    await picture(this.page, `device-path/${this.language}-${name}`);
  }
}

for (const language of languages) {
  const words = { text: textsOf(language).device, desk: desks[language] };

  async function arrive(page: Page): Promise<DeviceVisitor> {
    await page.setViewportSize(screens.portrait);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const visitor = new DeviceVisitor(page, language);
    await visitor.arrive(kiosk.address);
    return visitor;
  }

  test(`a code display is tested; with a dead segment a number is taken, and the desk knows why: ${language}`, async ({
    page,
    browser,
  }) => {
    const visitor = await arrive(page);
    const { device, queue, frame } = visitor.text;
    await picture(page, `device-path/${language}-1-home`);
    await visitor.choose('code-display');
    await visitor.seesTitle(device.rig.running);
    await expect(page.locator('.codes')).not.toHaveText(visitor.say(device.rig.codes, { codes: 0 }));
    await picture(page, `device-path/${language}-2-rig-codes`);
    // The whole test in one language, in the other the one that is stopped: they take their time.
    if (language === 'da') {
      await visitor.seesVerdict('code-display', 'works', rigTest);
      await expect(page.getByText(device.verdict.allGood.rig, { exact: true })).toBeVisible();
      await expect(visitor.button(queue.takeNumber)).toHaveCount(0);
      await visitor.looksAt('3-rig-works');
    } else {
      await visitor.touch(device.rig.stop);
      await visitor.seesVerdict('code-display', 'could-not-tell');
      await expect(page.getByText(device.reasons['too-few-codes'].what).first()).toBeVisible();
      await expect(visitor.button(visitor.text.verdict.again)).toBeVisible();
      await expect(visitor.button(device.verdict.questions)).toBeVisible();
      await visitor.looksAt('3-rig-stopped');
    }

    await visitor.setDemo({ rig: 'dead-segment' });
    await visitor.touch(frame.back);
    await visitor.choose('code-display');
    await visitor.seesVerdict('code-display', 'replace', rigTest);
    await expect(page.getByText(device.reasons['segment-dead'].what).first()).toBeVisible();
    // Broken is enough: how much more could have been measured is nothing to a visitor.
    await expect(page.getByText(device.reasons['too-few-codes'].what)).toHaveCount(0);
    await visitor.looksAt('4-rig-replace');
    await visitor.touch(queue.takeNumber);
    await expect(visitor.title).toContainText(queue.ticket.title);
    await expect(page.getByText(queue.ticket.printed.what)).toBeVisible();
    await picture(page, `device-path/${language}-5-number`);
    const number = /[A-Z]\d{3}/.exec(await visitor.title.innerText())?.[0] ?? '';
    await visitor.setDemo({ rig: 'none' });

    const context = await browser.newContext({ viewport: screens.small });
    const desk = await context.newPage();
    const counter = { da: { da: 'Skranke 1', en: 'Counter 1' }, en: { da: 'Skranke 2', en: 'Counter 2' } };
    await atDesk(desk, 'staff', language, counter[language]);
    const { kinds, outcomes, reasons } = words.desk.device;
    const why = `${kinds['code-display']}: ${outcomes.replace} (${reasons['segment-dead']})`;
    await expect(desk.getByRole('row', { name: number })).toContainText(why);
    await desk.getByRole('button', { name: words.desk.current.next }).click();
    await expect(desk.locator('.now')).toContainText(number);
    await expect(desk.locator('.now')).toContainText(why);
    await picture(desk, `device-path/${language}-6-desk`);
    await desk.getByRole('button', { name: words.desk.current.serve }).click();
    await desk.getByRole('button', { name: words.desk.current.done }).click();
    await context.close();
  });

  const hears = {
    da: { answer: 'yes', outcome: 'works' },
    en: { answer: 'no', outcome: 'replace' },
  } as const satisfies Record<Language, { answer: GuidedAnswer; outcome: DeviceVerdict['outcome'] }>;

  test(`an audio code reader is tested by questions: ${language}`, async ({ page }) => {
    const visitor = await arrive(page);
    const { device } = visitor.text;
    const { answer, outcome } = hears[language];
    await visitor.choose('audio-code-reader');
    const answerTo = (question: GuidedQuestion): GuidedAnswer => {
      if (question === 'blocked') return 'no';
      return question === 'hears-digits' ? answer : 'yes';
    };
    // Whoever hears nothing is not asked how it sounds.
    const aboutSound: readonly GuidedQuestion[] = ['volume-changes', 'replays', 'language-changes'];
    const asked = questionsFor('audio-code-reader').filter(
      (question) => answer === 'yes' || !aboutSound.includes(question),
    );
    for (const question of asked) {
      await visitor.seesTitle(device.questions[question].title);
      await visitor.touch(device.answers[answerTo(question)]);
    }
    await visitor.seesVerdict('audio-code-reader', outcome);
    await expect(page.getByText(device.verdict.byAnswers)).toBeVisible();
    if (outcome === 'replace')
      await expect(page.getByText(device.reasons['no-sound'].what).first()).toBeVisible();
    await visitor.looksAt(`7-questions-${outcome}`);
  });

  test(`a MitID chip is asked in the USB socket, and on the reader: ${language}`, async ({ page }) => {
    const visitor = await arrive(page);
    const { device, demo, frame } = visitor.text;
    await visitor.choose('mitid-chip');
    await visitor.seesTitle(device.chip.title);
    await picture(page, `device-path/${language}-8-chip`);
    await visitor.setDemo({ usb: 'ctap2' });
    await visitor.seesVerdict('mitid-chip', 'works', { timeout: 20_000 });
    await expect(page.getByText(device.verdict.over.usb)).toBeVisible();
    await expect(page.getByText(device.verdict.winked)).toBeVisible();
    await expect(page.getByText(device.verdict.callIfRefused)).toBeVisible();
    await visitor.looksAt('9-usb-works');
    await visitor.setDemo({ usb: '' });

    await visitor.touch(frame.back);
    await visitor.choose('mitid-chip');
    await visitor.seesTitle(device.chip.title);
    await visitor.touch(demo.open);
    await page.getByLabel(demo.keyForReader).selectOption('u2f-only');
    await visitor.touch(demo.placeKey);
    await visitor.seesVerdict('mitid-chip', 'works', { timeout: 20_000 });
    await expect(page.getByText(device.verdict.over.nfc)).toBeVisible();
    await visitor.looksAt('10-nfc-works');
    await visitor.takeOff();
  });
}

test('the bench tests a display with its levels, tests itself, and tells a technician no levels of one code', async ({
  page,
}) => {
  const { bench, device } = desks.en;
  await page.setViewportSize(screens.small);
  await atDesk(page, 'technician', 'en', { da: 'Skranke 3', en: 'Counter 3' });
  await page.getByRole('button', { name: bench.title, exact: true }).click();
  await expect(page.getByText(bench.rig.transports.demo, { exact: true })).toBeVisible();

  await page.getByRole('button', { name: bench.display.go }).click();
  const levels = page.getByRole('table', { name: bench.display.live });
  await expect(levels.getByRole('row')).toHaveCount(1 + 6 * 7, { timeout: 20_000 });
  await picture(page, 'device-path/bench-1-levels', true);
  await page.getByRole('button', { name: bench.display.finish }).click();
  // Stopped this early, it is not known of every segment.
  const verdict = `${device.kinds['code-display']}: ${device.outcomes['could-not-tell']}`;
  await expect(page.getByRole('heading', { name: verdict })).toBeVisible();
  await expect(page.getByText(bench.display.health)).toBeVisible();

  await page.getByRole('button', { name: bench.selfTest.go }).click();
  await expect(page.getByText(bench.selfTest.passed).first()).toBeVisible();

  const log = page.getByRole('log');
  const field = page.getByRole('textbox', { name: bench.scpi.message });
  await field.fill('*IDN?');
  await field.press('Enter');
  await expect(log).toContainText(/\*IDN\?\s*.+,.+,.+,.+/);
  await field.fill('MEAS:SEGM? 1');
  await field.press('Enter');
  await expect(log).toContainText(bench.scpi.redacted);
  await expect(log).not.toContainText(/\d+,\d+,\d+,\d+,\d+,\d+,\d+/);
  await expectAccessible(page);
  await picture(page, 'device-path/bench-2-results', true);
});
