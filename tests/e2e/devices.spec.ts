import { expect, test, type Page } from '@playwright/test';
import { authenticatorKinds, deviceReasons, questionsFor } from '../../main/api/contract.js';
import type {
  DeviceAdvice,
  DeviceVerdict,
  GuidedInput,
  KioskState,
  Language,
  QueueOffer,
} from '../../main/api/contract.js';
import { pictureOf } from '../../renderer/visitor/devices/question-pictures.js';
import { howText } from '../../renderer/visitor/devices/question-texts.js';
import { picture } from './picture.js';
import { held, kioskAtRest, scriptKiosk, silentWav, type ScriptedKiosk } from './scripted-kiosk.js';
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

const withRig = (language: Language): KioskState => ({
  ...kioskAtRest,
  rig: { kind: 'ready', calibrated: true },
  demoRig: true,
  settings: { ...kioskAtRest.settings, defaultLanguage: language },
});

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
  deviceService: 'mitid',
  source: 'ready',
  printer: { kind: 'ready', paperLow: false },
};

const certainty = { percent: 99, codes: 27, presses: 31 };
const newOne: readonly DeviceAdvice[] = ['order-new', 'first-three-free', 'activate-in-app-or-here'];

const display = {
  device: 'code-display',
  way: 'rig',
  retry: false,
  certainty,
  demo: true,
} as const satisfies Partial<DeviceVerdict>;

/** One of each outcome, with as much to say as a verdict can have. */
const verdicts: readonly DeviceVerdict[] = [
  { ...display, outcome: 'works', reasons: [], advice: ['use-it', 'keep-it-to-yourself'] },
  {
    ...display,
    outcome: 'failing',
    reasons: ['segment-weak', 'segment-slow', 'display-dim', 'battery-low'],
    advice: ['order-new-soon', 'first-three-free', 'activate-in-app-or-here'],
  },
  {
    ...display,
    outcome: 'replace',
    reasons: ['segment-dead', 'digit-missing', 'button-sometimes'],
    advice: [...newOne, 'block-the-old-one', 'visit-citizen-service'],
  },
  {
    ...display,
    outcome: 'could-not-tell',
    reasons: ['device-removed'],
    advice: ['place-in-rig', 'try-again', 'use-the-questions', 'ask-staff'],
    retry: true,
    certainty: undefined,
  },
  {
    device: 'mitid-chip',
    way: 'usb',
    outcome: 'works',
    reasons: ['chip-answers', 'owner-not-checked'],
    advice: ['use-it', 'call-support'],
    retry: false,
    chip: { versions: ['FIDO_2_0', 'U2F_V2'], winked: true },
    demo: false,
  },
  {
    device: 'mitid-chip',
    way: 'nfc',
    outcome: 'could-not-tell',
    reasons: ['key-missing'],
    advice: ['plug-in-usb', 'hold-on-reader', 'do-not-press-button', 'try-again', 'ask-staff'],
    retry: true,
    demo: false,
  },
];

const waysOf = { 'code-display': 'rig', 'audio-code-reader': 'questions', 'mitid-chip': 'nfc' } as const;

const guided = (device: GuidedInput['device']): DeviceVerdict => ({
  device,
  way: 'questions',
  outcome: 'replace',
  reasons: [device === 'code-display' ? 'digit-missing' : 'no-sound', 'permanently-blocked'],
  advice: [...newOne, 'visit-citizen-service'],
  retry: false,
  demo: false,
});

/** From home to a device's first screen. */
async function choose(visitor: Visitor, device: DeviceVerdict['device']): Promise<void> {
  await visitor.touch(visitor.text.home.device);
  await visitor.seesTitle(visitor.text.device.choice.title);
  await visitor.page.getByRole('button', { name: visitor.text.device.choice[device].name }).first().click();
}

const titleOf = (visitor: Visitor, { device, outcome }: DeviceVerdict): string =>
  visitor.say(visitor.text.device.verdict.titles[outcome], visitor.text.device.names[device]);

const progress = (
  scripted: ScriptedKiosk,
  step: 'button' | 'codes' | 'asking',
  codes: number,
): Promise<void> =>
  scripted.emit('authenticator.progress', { id: 'test', step, codes, fraction: codes / 30 });

async function called(scripted: ScriptedKiosk, method: string): Promise<readonly unknown[]> {
  const calls = await scripted.calls();
  return calls.filter((call) => call.method === method).map(({ input }) => input);
}

/** What this part of the kiosk says on each of its screens. */
async function expectWarned(visitor: Visitor): Promise<void> {
  await expect(visitor.page.getByText(visitor.text.device.never, { exact: true })).toBeVisible();
}

const sizes: readonly ScreenSize[] = ['portrait', 'landscape', 'small'];

for (const size of sizes) {
  for (const language of languages) {
    test(`every screen of a device test: ${language}, ${size}`, async ({ page }) => {
      // Some thirty screens, each looked through by axe.
      test.setTimeout(180_000);
      await page.setViewportSize(screens[size]);
      await page.emulateMedia({ reducedMotion: 'reduce' });
      const scripted = await scriptKiosk(page, withRig(language), {
        'queue.offer': { ok: true, value: offer },
        'authenticator.guided': { ok: true, value: guided('code-display') },
      });
      const visitor = new Visitor(page, language);
      const { text } = visitor;
      let shots = 0;
      const onScreen = async (name: string): Promise<void> => {
        shots += 1;
        await expectNoScrolling(page);
        await expectLargeEnough(page);
        await expectOneLanguage(page, language);
        if (size === 'portrait') await expectAccessible(page);
        if (name !== 'home') await expectWarned(visitor);
        await picture(page, `devices/${size}-${language}-${String(shots).padStart(2, '0')}-${name}`);
      };

      await visitor.arrive(kiosk.address);
      await onScreen('home');
      await visitor.touch(text.home.device);
      await expectFocusAtTitle(page);
      await onScreen('choice');
      await visitor.touch(text.frame.back);

      await choose(visitor, 'code-display');
      await visitor.seesTitle(text.device.rig.title);
      await expectFocusAtTitle(page);
      await onScreen('rig-waiting');
      await progress(scripted, 'button', 0);
      await visitor.seesTitle(text.device.rig.running);
      await onScreen('rig-button');
      await progress(scripted, 'codes', 7);
      await expect(
        page.getByText(visitor.say(text.device.rig.codes, { codes: 7 }), { exact: true }),
      ).toBeVisible();
      await onScreen('rig-codes');
      for (const verdict of verdicts) {
        await scripted.emit('authenticator.verdict', { id: 'test', verdict });
        await visitor.seesTitle(titleOf(visitor, verdict));
        await expectFocusAtTitle(page);
        await onScreen(`verdict-${verdict.device}-${verdict.outcome}`);
        await visitor.touch(text.frame.back);
        await visitor.seesTitle(text.device.choice.title);
        await page.getByRole('button', { name: text.device.choice['mitid-chip'].name }).click();
        await visitor.seesTitle(text.device.chip.title);
      }
      await onScreen('chip-waiting');
      await progress(scripted, 'asking', 0);
      await visitor.seesTitle(text.device.chip.running);
      await onScreen('chip-asking');
      await visitor.touch(text.device.rig.cancel);

      for (const device of ['code-display', 'audio-code-reader'] as const) {
        await visitor.seesTitle(text.device.choice.title);
        await page.getByRole('button', { name: text.device.choice[device].name }).first().click();
        if (device === 'code-display') await visitor.touch(text.device.rig.questions);
        for (const question of questionsFor(device)) {
          await visitor.seesTitle(text.device.questions[question].title);
          await expectFocusAtTitle(page);
          await expect(page.getByText(howText(text, question, device), { exact: true })).toBeVisible();
          const label = text.device.pictures[pictureOf(question, device)];
          await expect(page.getByRole('img', { name: label, exact: true })).toBeVisible();
          await onScreen(`${device}-${question}`);
          await visitor.touch(text.device.answers.yes);
        }
        await visitor.seesTitle(titleOf(visitor, guided('code-display')));
        await onScreen(`${device}-verdict`);
        await visitor.touch(text.frame.back);
      }
    });
  }
}

for (const size of sizes) {
  for (const language of languages) {
    test(`every reason of a device's verdict fits on the screen: ${language}, ${size}`, async ({ page }) => {
      await page.setViewportSize(screens[size]);
      const scripted = await scriptKiosk(page, withRig(language), {
        'queue.offer': { ok: true, value: offer },
      });
      const visitor = new Visitor(page, language);
      await visitor.arrive(kiosk.address);
      await choose(visitor, 'code-display');
      for (const [place, reason] of deviceReasons.entries()) {
        const device = authenticatorKinds[place % 3]!;
        const verdict: DeviceVerdict = {
          device,
          way: waysOf[device],
          outcome: 'could-not-tell',
          reasons: [reason],
          advice: ['order-new', 'block-the-old-one', 'change-battery-not-possible', 'visit-citizen-service'],
          retry: true,
          demo: true,
        };
        await scripted.emit('authenticator.verdict', { id: 'test', verdict });
        await visitor.seesTitle(titleOf(visitor, verdict));
        const { what } =
          reason === 'segment-dead' && verdict.way === 'questions'
            ? visitor.text.device.verdict.strokeByAnswer
            : visitor.text.device.reasons[reason];
        if (reason !== 'owner-not-checked')
          await expect(
            page.getByRole('listitem').getByText(visitor.say(what, visitor.text.device.names[device])),
          ).toBeVisible();
        await picture(page, `devices/reasons/${size}-${language}-${reason}`);
        await expectNoScrolling(page);
        await expectOneLanguage(page, language);
        await visitor.touch(visitor.text.verdict.again);
        await visitor.seesTitle(visitor.text.device.rig.title);
      }
    });
  }
}

for (const language of languages) {
  test(`devices in high contrast: ${language}`, async ({ page }) => {
    await page.setViewportSize(screens.landscape);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const scripted = await scriptKiosk(page, withRig(language), {
      'queue.offer': { ok: true, value: offer },
    });
    const visitor = new Visitor(page, language);
    const { text } = visitor;
    const onScreen = async (name: string): Promise<void> => {
      await expectAccessible(page);
      await picture(page, `devices/high-contrast-${language}-${name}`);
    };
    await visitor.arrive(kiosk.address);
    await visitor.touch(text.frame.highContrast);
    await onScreen('home');
    await choose(visitor, 'audio-code-reader');
    await visitor.seesTitle(text.device.questions['lights-up'].title);
    await onScreen('question');
    await visitor.touch(text.frame.back);
    await onScreen('choice');
    await page.getByRole('button', { name: text.device.choice['mitid-chip'].name }).click();
    await onScreen('chip');
    await visitor.touch(text.frame.back);
    await page.getByRole('button', { name: text.device.choice['code-display'].name }).first().click();
    await onScreen('rig');
    for (const verdict of verdicts.slice(0, 4)) {
      await scripted.emit('authenticator.verdict', { id: 'test', verdict });
      await visitor.seesTitle(titleOf(visitor, verdict));
      await onScreen(`verdict-${verdict.outcome}`);
      await visitor.touch(text.frame.back);
      await page.getByRole('button', { name: text.device.choice['code-display'].name }).first().click();
    }
  });
}

for (const size of ['portrait', 'landscape'] as const) {
  test(`larger text on a device's screens stays whole and reachable: ${size}`, async ({ page }) => {
    await page.setViewportSize(screens[size]);
    const scripted = await scriptKiosk(page, withRig('da'), { 'queue.offer': { ok: true, value: offer } });
    const visitor = new Visitor(page, 'da');
    const { text } = visitor;
    const onScreen = async (name: string): Promise<void> => {
      await expectLargeEnough(page);
      const outside = await page.evaluate(() =>
        [...document.querySelectorAll('header, footer, footer button, main, main button, main p')]
          .filter((box) => {
            const { left, right, width } = box.getBoundingClientRect();
            return width > 1 && (left < -1 || right > innerWidth + 1);
          })
          .map((box) => box.textContent),
      );
      expect(outside).toEqual([]);
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll('main button')]
          .filter((box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)
          .map((box) => box.textContent),
      );
      expect(cut).toEqual([]);
      await picture(page, `devices/larger-${size}-${name}`);
    };
    await visitor.arrive(kiosk.address);
    await visitor.touch(text.frame.largerText);
    await visitor.touch(text.frame.largerText);
    await onScreen('home');
    await visitor.touch(text.home.device);
    await onScreen('choice');
    await page.getByRole('button', { name: text.device.choice['code-display'].name }).first().click();
    await onScreen('rig-waiting');
    await progress(scripted, 'codes', 12);
    await visitor.seesTitle(text.device.rig.running);
    await onScreen('rig-codes');
    await scripted.emit('authenticator.verdict', { id: 'test', verdict: verdicts[2]! });
    await visitor.seesTitle(titleOf(visitor, verdicts[2]!));
    await onScreen('verdict');
    await visitor.touch(text.frame.back);
    await page.getByRole('button', { name: text.device.choice['audio-code-reader'].name }).first().click();
    await onScreen('question');
  });
}

for (const steps of [0, 2]) {
  test(`nothing of a device's screens lies beside a narrow screen, text ${steps} steps larger`, async ({
    page,
  }) => {
    await page.setViewportSize({ width: 720, height: 1280 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    for (const language of languages) {
      for (const contrast of ['normal', 'high'] as const) {
        const tab = await page.context().newPage();
        await tab.setViewportSize({ width: 720, height: 1280 });
        await tab.emulateMedia({ reducedMotion: 'reduce' });
        await throughDevices(tab, language, contrast, steps);
        await tab.close();
      }
    }
  });
}

/** Goes over every kind of a device test's screens and looks whether one is wider than the page. */
async function throughDevices(
  page: Page,
  language: Language,
  contrast: 'normal' | 'high',
  steps: number,
): Promise<void> {
  const scripted = await scriptKiosk(page, withRig(language), {
    'queue.offer': { ok: true, value: offer },
    'authenticator.guided': { ok: true, value: guided('code-display') },
  });
  const visitor = new Visitor(page, language);
  const { text } = visitor;
  const onScreen = async (name: string): Promise<void> => {
    await picture(page, `devices/narrow-${steps}-${contrast}-${language}-${name}`);
    expect(await wideBoxes(page), `${language} ${contrast} ${name}`).toEqual([]);
  };
  await visitor.arrive(kiosk.address);
  for (let step = 0; step < steps; step += 1) await visitor.touch(text.frame.largerText);
  if (contrast === 'high') await visitor.touch(text.frame.highContrast);
  await onScreen('home');
  await choose(visitor, 'code-display');
  await onScreen('rig-waiting');
  await progress(scripted, 'codes', 7);
  await visitor.seesTitle(text.device.rig.running);
  await onScreen('rig-codes');
  await visitor.touch(text.frame.back);
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await onScreen('rig-leaving');
  await visitor.touch(text.device.rig.leaving.stay);
  for (const verdict of verdicts) {
    await scripted.emit('authenticator.verdict', { id: 'test', verdict });
    await visitor.seesTitle(titleOf(visitor, verdict));
    await onScreen(`verdict-${verdict.device}-${verdict.outcome}`);
    await visitor.touch(text.frame.back);
    await onScreen('choice');
    await page.getByRole('button', { name: text.device.choice['mitid-chip'].name }).click();
    await visitor.seesTitle(text.device.chip.title);
  }
  await onScreen('chip-waiting');
  await progress(scripted, 'asking', 0);
  await onScreen('chip-asking');
  await visitor.touch(text.frame.back);
  await page.getByRole('button', { name: text.device.choice['audio-code-reader'].name }).first().click();
  for (const question of questionsFor('audio-code-reader')) {
    await visitor.seesTitle(text.device.questions[question].title);
    await onScreen(question);
    await visitor.touch(text.device.answers.unsure);
  }
  await visitor.seesTitle(titleOf(visitor, guided('code-display')));
  await onScreen('verdict-by-questions');
}

/** What lies beside the page, or is wider than it may be. */
function wideBoxes(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [document.documentElement, ...document.body.querySelectorAll('*')]
      .filter((box) => {
        if (box.closest('svg, .for-screen-readers')) return false;
        const { left, right } = box.getBoundingClientRect();
        const holds = box.matches('html, header, main, footer, dialog, button');
        return left < -1 || right > innerWidth + 1 || (holds && box.scrollWidth > box.clientWidth + 1);
      })
      .map((box) => `${box.localName}.${box.className}: ${box.textContent.slice(0, 40)}`),
  );
}

test('a code display goes to the questions where no rig can measure it', async ({ page }) => {
  const scripted = await scriptKiosk(page, { ...withRig('da'), rig: { kind: 'ready', calibrated: false } });
  const visitor = new Visitor(page, 'da');
  await visitor.arrive(kiosk.address);
  await choose(visitor, 'code-display');
  await visitor.seesTitle(visitor.text.device.questions['lights-up'].title);
  expect(await called(scripted, 'authenticator.start')).toEqual([]);
});

test('a test in the rig can be stopped for its result, or cancelled', async ({ page }) => {
  const scripted = await scriptKiosk(page, withRig('en'));
  const visitor = new Visitor(page, 'en');
  const { rig } = visitor.text.device;
  await visitor.arrive(kiosk.address);
  await choose(visitor, 'code-display');
  await progress(scripted, 'codes', 9);
  await visitor.touch(rig.stop);
  await expect(visitor.button(rig.stopping)).toBeDisabled();
  expect(await called(scripted, 'authenticator.finish')).toEqual([{}]);
  await visitor.touch(rig.cancel);
  await visitor.touch(rig.leaving.leave);
  await visitor.seesTitle(visitor.text.device.choice.title);
  expect(await called(scripted, 'authenticator.clear')).toEqual([{}]);
  await scripted.emit('authenticator.verdict', { id: 'test', verdict: verdicts[0]! });
  await visitor.seesTitle(visitor.text.device.choice.title);
});

test('a running test in the rig is not thrown away by one touch or key', async ({ page }) => {
  await page.setViewportSize(screens.small);
  const scripted = await scriptKiosk(page, withRig('en'));
  const visitor = new Visitor(page, 'en');
  const { rig, choice } = visitor.text.device;
  const question = page.getByRole('alertdialog', { name: rig.leaving.title });
  await visitor.arrive(kiosk.address);
  await choose(visitor, 'code-display');
  await progress(scripted, 'codes', 9);
  await visitor.touch(visitor.text.frame.back);
  await expect(visitor.button(rig.leaving.stay)).toBeFocused();
  await expectAccessible(page);
  await expectLargeEnough(page);
  await picture(page, 'devices/leaving');
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await visitor.seesTitle(rig.running);
  await page.keyboard.press('Escape');
  await visitor.touch(rig.leaving.stay);
  expect(await called(scripted, 'authenticator.clear')).toEqual([]);
  await page.keyboard.press('Escape');
  await question.getByRole('button', { name: rig.stop }).click();
  await expect(visitor.button(rig.stopping)).toBeDisabled();
  expect(await called(scripted, 'authenticator.finish')).toEqual([{}]);
  await page.keyboard.press('Escape');
  await expect(question).toBeVisible();
  await scripted.emit('authenticator.verdict', { id: 'test', verdict: verdicts[0]! });
  await visitor.seesTitle(titleOf(visitor, verdicts[0]!));
  await expect(question).toBeHidden();
  await visitor.touch(visitor.text.frame.back);
  await visitor.seesTitle(choice.title);
});

test.describe('a double tap', () => {
  test('with the mouse answers one question, and chooses one errand', async ({ page }) => {
    await page.setViewportSize(screens.portrait);
    await scriptKiosk(page, { ...withRig('da'), rig: { kind: 'none' } });
    const visitor = new Visitor(page, 'da');
    const { device, home, documentNumber } = visitor.text;
    await visitor.arrive(kiosk.address);
    await visitor.button(home.device).dblclick();
    await visitor.seesTitle(device.choice.title);
    await page.getByRole('button', { name: device.choice['code-display'].name }).first().dblclick();
    await visitor.seesTitle(device.questions['lights-up'].title);
    await visitor.button(device.answers.yes).dblclick();
    await visitor.seesTitle(device.questions['six-digits'].title);
    await expect(page.locator('[aria-pressed="true"]')).toHaveCount(0);
    // The dialog's backdrop is under the second one.
    await visitor.button(visitor.text.frame.help).dblclick();
    await expect(page.getByRole('dialog')).toBeVisible();
    await visitor.touch(visitor.text.frame.close);
    await visitor.touch(visitor.text.frame.finish);
    // The same key twice is two characters.
    await visitor.touch(home.action);
    await page.getByRole('button', { name: visitor.text.documentKind.passport }).click();
    await visitor.button('7').dblclick();
    await expect(page.getByLabel(documentNumber.field)).toHaveText('77');
  });

  test('with a finger does so too', async ({ browser }) => {
    const context = await browser.newContext({ hasTouch: true, viewport: screens.portrait });
    const page = await context.newPage();
    await scriptKiosk(page, { ...withRig('da'), rig: { kind: 'none' } });
    const visitor = new Visitor(page, 'da');
    const { device, home } = visitor.text;
    await visitor.arrive(kiosk.address);
    const tapTwice = async (name: string): Promise<void> => {
      const box = (await page.getByRole('button', { name }).first().boundingBox())!;
      const at = [box.x + box.width / 2, box.y + box.height / 2] as const;
      await page.touchscreen.tap(...at);
      await page.touchscreen.tap(...at);
    };
    await tapTwice(home.device);
    await visitor.seesTitle(device.choice.title);
    await tapTwice(device.choice['code-display'].name);
    await visitor.seesTitle(device.questions['lights-up'].title);
    await context.close();
  });

  test('is not what a key held down does', async ({ page }) => {
    await scriptKiosk(page, withRig('da'));
    const visitor = new Visitor(page, 'da');
    const { device } = visitor.text;
    await visitor.arrive(kiosk.address);
    await choose(visitor, 'audio-code-reader');
    await visitor.touch(device.answers.yes);
    await visitor.seesTitle(device.questions['six-digits'].title);
    // The second press without a release is a repeated one.
    await page.keyboard.down('Escape');
    await page.keyboard.down('Escape');
    await page.keyboard.up('Escape');
    await visitor.seesTitle(device.questions['lights-up'].title);
  });
});

test('what was not known is named, and nothing is said to work for it', async ({ page }) => {
  await page.setViewportSize(screens.small);
  const works: DeviceVerdict = {
    ...{ device: 'audio-code-reader', way: 'questions', outcome: 'works', reasons: [], retry: false },
    ...{ advice: ['use-it', 'keep-it-to-yourself'], demo: false },
  };
  const scripted = await scriptKiosk(page, withRig('en'), {
    'authenticator.guided': { ok: true, value: works },
  });
  const visitor = new Visitor(page, 'en');
  const { device } = visitor.text;
  await visitor.arrive(kiosk.address);
  const answerWith = async (unsure: readonly string[]): Promise<void> => {
    for (const question of questionsFor('audio-code-reader')) {
      await visitor.seesTitle(device.questions[question].title);
      await visitor.touch(unsure.includes(question) ? device.answers.unsure : device.answers.yes);
    }
  };
  await choose(visitor, 'audio-code-reader');
  await answerWith(['volume-changes', 'replays']);
  await visitor.seesTitle(titleOf(visitor, works));
  const named = 'You did not know whether you can change the volume or whether it reads the digits again.';
  await expect(page.getByRole('listitem').getByText(named)).toBeVisible();
  await expect(page.getByText(device.verdict.allGood.questions)).toHaveCount(0);
  await expectNoScrolling(page);
  await picture(page, 'devices/unsure-works');

  const outcomes: readonly Partial<DeviceVerdict>[] = [
    { outcome: 'could-not-tell', reasons: ['answers-unsure'], retry: true },
    { outcome: 'failing', reasons: ['language-fixed'] },
  ];
  for (const change of outcomes) {
    const verdict = { ...works, ...change };
    await scripted.answer('authenticator.guided', { ok: true, value: verdict });
    await visitor.touch(visitor.text.frame.back);
    await page.getByRole('button', { name: device.choice['audio-code-reader'].name }).first().click();
    await answerWith(['new-code']);
    await visitor.seesTitle(titleOf(visitor, verdict));
    await expect(page.getByText('You did not know whether a new code comes.', { exact: true })).toBeVisible();
    await picture(page, `devices/unsure-${verdict.outcome}`);
  }
});

test('a test that was stopped early tells what it had seen', async ({ page }) => {
  await page.setViewportSize(screens.small);
  const scripted = await scriptKiosk(page, withRig('en'), { 'queue.offer': { ok: true, value: offer } });
  const visitor = new Visitor(page, 'en');
  await visitor.arrive(kiosk.address);
  await choose(visitor, 'code-display');
  const verdict: DeviceVerdict = {
    ...{ ...display, outcome: 'could-not-tell', reasons: ['too-few-codes'], retry: true },
    ...{ advice: ['try-again', 'use-the-questions'], certainty: { percent: 61, codes: 14, presses: 15 } },
    seen: ['button-works', 'new-codes', 'no-fault'],
  };
  await scripted.emit('authenticator.verdict', { id: 'test', verdict });
  await visitor.seesTitle(titleOf(visitor, verdict));
  await expect(
    page
      .getByRole('listitem')
      .filter({ hasText: 'The button works. New codes come. We saw no fault in 14 codes.' }),
  ).toBeVisible();
  await expectNoScrolling(page);
  await picture(page, 'devices/stopped-early');
});

test('a person who says that strokes are missing or weak is told that, and where there is no number to ask', async ({
  page,
}) => {
  const closed: QueueOffer = {
    ...offer,
    services: offer.services.map((service) => ({ ...service, state: { kind: 'paused' } })),
  };
  const verdict = { ...guided('code-display'), reasons: ['segment-dead' as const] };
  await scriptKiosk(
    page,
    { ...withRig('en'), rig: { kind: 'none' } },
    {
      'queue.offer': { ok: true, value: closed },
      'authenticator.guided': { ok: true, value: verdict },
    },
  );
  const visitor = new Visitor(page, 'en');
  const { device } = visitor.text;
  await visitor.arrive(kiosk.address);
  await choose(visitor, 'code-display');
  for (const question of questionsFor('code-display')) {
    await visitor.seesTitle(device.questions[question].title);
    await visitor.touch(device.answers.yes);
  }
  await visitor.seesTitle(titleOf(visitor, verdict));
  await expect(page.getByText(device.verdict.strokeByAnswer.what, { exact: true })).toBeVisible();
  await expect(page.getByText(device.reasons['segment-dead'].what)).toHaveCount(0);
  await expect(page.getByText(device.verdict.noNumber)).toBeVisible();
});

test('a chip has no codes that could be right', async ({ page }) => {
  const scripted = await scriptKiosk(page, withRig('en'));
  const visitor = new Visitor(page, 'en');
  const { device } = visitor.text;
  await visitor.arrive(kiosk.address);
  await choose(visitor, 'mitid-chip');
  const verdict: DeviceVerdict = {
    ...{ device: 'mitid-chip', way: 'usb', outcome: 'replace', reasons: ['chip-silent'], retry: true },
    ...{ advice: ['try-again', 'order-new', 'visit-citizen-service'], demo: false },
  };
  await scripted.emit('authenticator.verdict', { id: 'test', verdict });
  await visitor.seesTitle(titleOf(visitor, verdict));
  await expect(page.getByText(device.reasons['owner-not-checked'].why)).toBeVisible();
  await expect(page.getByText(visitor.say(device.verdict.unknown, device.names['mitid-chip']))).toHaveCount(
    0,
  );
});

test('a verdict leads to a number with its reason, and to nothing more', async ({ page }) => {
  const scripted = await scriptKiosk(page, withRig('da'), { 'queue.offer': { ok: true, value: offer } });
  const visitor = new Visitor(page, 'da');
  await visitor.arrive(kiosk.address);
  await choose(visitor, 'code-display');
  await scripted.emit('authenticator.verdict', { id: 'test', verdict: verdicts[2]! });
  await expect(page.getByText(visitor.text.device.verdict.demo, { exact: true })).toBeVisible();
  await visitor.touch(visitor.text.queue.takeNumber);
  expect(await called(scripted, 'queue.takeNumber')).toEqual([
    {
      service: 'mitid',
      language: 'da',
      reason: { kind: 'device', device: 'code-display', outcome: 'replace', reason: 'segment-dead' },
    },
  ]);
});

test('what works needs no number, and says how sure the kiosk is and what it cannot know', async ({
  page,
}) => {
  const scripted = await scriptKiosk(page, withRig('en'), { 'queue.offer': { ok: true, value: offer } });
  const visitor = new Visitor(page, 'en');
  const { verdict, names } = visitor.text.device;
  await visitor.arrive(kiosk.address);
  await choose(visitor, 'code-display');
  await scripted.emit('authenticator.verdict', { id: 'test', verdict: { ...verdicts[0]!, demo: false } });
  await expect(
    page.getByText('Tested with 27 codes. We are 99 % sure that every stroke works.'),
  ).toBeVisible();
  await expect(page.getByText(visitor.say(verdict.unknown, names['code-display']))).toBeVisible();
  await expect(visitor.button(visitor.text.queue.takeNumber)).toHaveCount(0);
  await expect(page.getByText(verdict.demo, { exact: true })).toHaveCount(0);
});

test('a chip that blinked is told of, without the reader it is looked for in USB alone', async ({ page }) => {
  const state: KioskState = { ...withRig('da'), chipReader: { kind: 'no-reader' } };
  const scripted = await scriptKiosk(page, state);
  const visitor = new Visitor(page, 'da');
  const { chip, verdict, reasons } = visitor.text.device;
  await visitor.arrive(kiosk.address);
  await choose(visitor, 'mitid-chip');
  await visitor.seesTitle(chip.titleUsb);
  await expect(page.getByText(chip.press)).toHaveCount(0);
  await scripted.emit('kiosk.state', withRig('da'));
  await visitor.seesTitle(chip.title);
  await expect(page.getByText(chip.press)).toBeVisible();
  await scripted.emit('authenticator.verdict', { id: 'test', verdict: verdicts[4]! });
  await expect(page.getByText(verdict.winked)).toBeVisible();
  await expect(page.getByText(reasons['owner-not-checked'].what)).toBeVisible();
});

test.describe('read aloud', () => {
  const speaking = { 'voice.say': { ok: true, value: { wav: silentWav } } };
  const said = async (scripted: ScriptedKiosk): Promise<readonly { language: string; text: string }[]> =>
    (await called(scripted, 'voice.say')) as { language: string; text: string }[];

  test('the questions on an audio code reader by themselves, in the language on screen', async ({ page }) => {
    const scripted = await scriptKiosk(page, withRig('da'), {
      ...speaking,
      'authenticator.guided': { ok: true, value: guided('audio-code-reader') },
    });
    const danish = new Visitor(page, 'da');
    const english = new Visitor(page, 'en');
    await danish.arrive(kiosk.address);
    await choose(danish, 'audio-code-reader');
    await expect.poll(async () => (await said(scripted)).length).toBe(1);
    const first = (await said(scripted))[0]!;
    expect(first.language).toBe('da');
    expect(first.text).toContain(danish.text.device.questions['lights-up'].title);
    expect(first.text).toContain(danish.text.device.never);
    await expect(danish.button(danish.text.device.readAloud)).toBeVisible();

    await danish.touch('English');
    await expect.poll(async () => (await said(scripted)).at(-1)?.language).toBe('en');
    for (const question of questionsFor('audio-code-reader')) {
      await english.seesTitle(english.text.device.questions[question].title);
      await expect
        .poll(async () => (await said(scripted)).at(-1)?.text)
        .toContain(howText(english.text, question, 'audio-code-reader'));
      await english.touch(english.text.device.answers.yes);
    }
    await english.seesTitle(titleOf(english, guided('audio-code-reader')));
    await expect
      .poll(async () => (await said(scripted)).at(-1)?.text)
      .toContain(titleOf(english, guided('audio-code-reader')));
    for (const { text } of await said(scripted)) expect(text).not.toMatch(/\d{6}/);
  });

  test('other screens when asked to, and again; the one before ends', async ({ page }) => {
    const scripted = await scriptKiosk(page, withRig('en'), speaking);
    const visitor = new Visitor(page, 'en');
    const { device } = visitor.text;
    await visitor.arrive(kiosk.address);
    await visitor.touch(visitor.text.home.device);
    expect(await said(scripted)).toEqual([]);
    await visitor.touch(device.readAloud);
    await expect(visitor.button(device.stopReading)).toBeVisible();
    await expect(visitor.button(device.readAloud)).toBeVisible();
    await visitor.touch(device.readAloud);
    await visitor.touch(device.stopReading);
    await expect(visitor.button(device.readAloud)).toBeVisible();
    expect(await said(scripted)).toHaveLength(2);
  });

  test('what is measured, and that nobody is logged in and no code is kept', async ({ page }) => {
    const scripted = await scriptKiosk(page, withRig('da'), speaking);
    const visitor = new Visitor(page, 'da');
    const { chip, readAloud, rig } = visitor.text.device;
    const hears = async (...texts: readonly string[]): Promise<void> => {
      await visitor.touch(readAloud);
      for (const text of texts)
        await expect.poll(async () => (await said(scripted)).at(-1)?.text).toContain(text);
    };
    await visitor.arrive(kiosk.address);
    await choose(visitor, 'mitid-chip');
    await visitor.seesTitle(chip.title);
    await hears(chip.press, chip.unseen);
    await progress(scripted, 'asking', 0);
    await visitor.seesTitle(chip.running);
    await hears(chip.lead, chip.unseen);
    await visitor.touch(visitor.text.frame.back);
    await page.getByRole('button', { name: visitor.text.device.choice['code-display'].name }).first().click();
    await progress(scripted, 'codes', 7);
    await visitor.seesTitle(rig.running);
    await hears(rig.long, rig.unseen);
  });

  test('the first screen, when asked to', async ({ page }) => {
    const scripted = await scriptKiosk(page, withRig('da'), speaking);
    const visitor = new Visitor(page, 'da');
    const { home, queue, device } = visitor.text;
    await visitor.arrive(kiosk.address);
    expect(await said(scripted)).toEqual([]);
    await visitor.touch(device.readAloud);
    await expect.poll(async () => (await said(scripted)).length).toBe(1);
    const read = (await said(scripted))[0]!.text;
    for (const text of [
      queue.welcome,
      home.action,
      home.device,
      home.deviceNote,
      queue.action,
      home.neverCodes,
    ])
      expect(read).toContain(text);
    await scripted.answer('voice.say', { ok: true, value: {} });
    await page.setViewportSize(screens.small);
    await visitor.touch(device.readAloud);
    await expect(page.getByText(device.cannotSpeak)).toBeVisible();
    await picture(page, 'devices/home-cannot-speak');
    await expectNoScrolling(page);
  });

  test('nobody is asked for more time while the kiosk still reads', async ({ page }) => {
    const state = withRig('da');
    const settings = { ...state.settings, idleSeconds: 1, idleGraceSeconds: 20 };
    const scripted = await scriptKiosk(page, { ...state, settings }, { 'voice.say': held });
    const visitor = new Visitor(page, 'da');
    await page.clock.install();
    await visitor.arrive(kiosk.address);
    await choose(visitor, 'audio-code-reader');
    await expect(visitor.button(visitor.text.device.stopReading)).toBeVisible();
    await page.clock.runFor(5_000);
    await expect(page.getByRole('alertdialog')).toHaveCount(0);
    await scripted.answer('voice.say', { ok: true, value: {} });
    await expect(visitor.button(visitor.text.device.readAloud)).toBeVisible();
    await page.clock.runFor(3_000);
    await expect(page.getByRole('alertdialog')).toBeVisible();
  });

  test('the question for more time too, to whoever may not see it', async ({ page }) => {
    const state = withRig('da');
    const settings = { ...state.settings, idleSeconds: 2, idleGraceSeconds: 20 };
    const scripted = await scriptKiosk(page, { ...state, settings }, speaking);
    const visitor = new Visitor(page, 'da');
    await visitor.arrive(kiosk.address);
    await choose(visitor, 'audio-code-reader');
    await expect(page.getByRole('alertdialog')).toBeVisible();
    const { title, lead } = visitor.text.idle;
    await expect.poll(async () => (await said(scripted)).at(-1)?.text).toBe(`${title} ${lead}`);
  });

  test('or said where the computer cannot speak', async ({ page }) => {
    await scriptKiosk(page, withRig('da'), { 'voice.say': { ok: true, value: {} } });
    const visitor = new Visitor(page, 'da');
    await page.setViewportSize(screens.small);
    await visitor.arrive(kiosk.address);
    await choose(visitor, 'audio-code-reader');
    await expect(page.getByText(visitor.text.device.cannotSpeak)).toBeVisible();
    await expectNoScrolling(page);
    await expectAccessible(page);
    await picture(page, 'devices/cannot-speak');
  });
});

test('a test that cannot be started says so, and can be tried again', async ({ page }) => {
  await page.setViewportSize(screens.small);
  const scripted = await scriptKiosk(page, withRig('en'), {
    'authenticator.start': { ok: false, error: { kind: 'busy' } },
  });
  const visitor = new Visitor(page, 'en');
  await visitor.arrive(kiosk.address);
  await choose(visitor, 'mitid-chip');
  await visitor.seesTitle(visitor.text.device.trouble.busy.what);
  await expectWarned(visitor);
  await expectNoScrolling(page);
  await expectAccessible(page);
  await picture(page, 'devices/busy');
  await visitor.touch(visitor.text.verdict.again);
  await expect.poll(async () => (await called(scripted, 'authenticator.start')).length).toBe(2);
});

test('a code display is tested by questions with a keyboard alone', async ({ page }) => {
  await page.setViewportSize(screens.portrait);
  const none: KioskState = { ...withRig('da'), rig: { kind: 'none' } };
  await scriptKiosk(page, none, { 'authenticator.guided': { ok: true, value: guided('code-display') } });
  const visitor = new Visitor(page, 'da');
  const tabTo = async (name: string): Promise<void> => {
    for (let step = 0; step < 40; step += 1) {
      if (await visitor.button(name).evaluate((button) => button === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`The Tab key never comes to ${name}`);
  };
  await visitor.arrive(kiosk.address);
  await tabTo(visitor.text.home.action);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await visitor.seesTitle(visitor.text.device.choice.title);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  for (const question of questionsFor('code-display')) {
    // Without six digits it is not asked whether all of them are whole.
    if (question === 'digits-whole') continue;
    await visitor.seesTitle(visitor.text.device.questions[question].title);
    await expectFocusAtTitle(page);
    await tabTo(visitor.text.device.answers.yes);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    // Dark, as it says: nothing more is asked of the display.
    if (question === 'lights-up') {
      await visitor.seesTitle(visitor.text.device.questions.blocked.title);
      await page.keyboard.press('Escape');
      await visitor.seesTitle(visitor.text.device.questions['lights-up'].title);
      await tabTo(visitor.text.device.answers.yes);
      await page.keyboard.press('Enter');
    }
  }
  await visitor.seesTitle(titleOf(visitor, guided('code-display')));
});

test('nothing of a test is left for the next person', async ({ page }) => {
  const state = withRig('da');
  const settings = { ...state.settings, idleSeconds: 2, idleGraceSeconds: 1 };
  const scripted = await scriptKiosk(page, { ...state, settings });
  const visitor = new Visitor(page, 'da');
  await visitor.arrive(kiosk.address);
  await choose(visitor, 'audio-code-reader');
  await visitor.touch(visitor.text.device.answers.yes);
  await visitor.seesTitle(visitor.text.queue.welcome);
  await choose(visitor, 'audio-code-reader');
  await expect(page.locator('[aria-pressed="true"]')).toHaveCount(0);
  await visitor.touch(visitor.text.frame.back);
  await page.getByRole('button', { name: visitor.text.device.choice['code-display'].name }).first().click();
  await visitor.seesTitle(visitor.text.device.rig.title);
  await visitor.touch(visitor.text.frame.finish);
  await visitor.seesTitle(visitor.text.queue.welcome);
  expect(await called(scripted, 'authenticator.clear')).toHaveLength(1);
});
