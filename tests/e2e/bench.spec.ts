import { expect, test, type Page } from '@playwright/test';
import type { AccessState, BenchState, Language } from '../../main/api/contract.js';
import { da } from '../../renderer/i18n/desk/da.js';
import { en } from '../../renderer/i18n/desk/en.js';
import { formatMessage } from '../../renderer/i18n/format.js';
import { picture } from './picture.js';
import {
  benchAtRest,
  benchAtWork,
  benchWithoutRig,
  brokenDisplay,
  called,
  deskAtWork,
  fewCodes,
  figures,
  healthyDisplay,
  keyInUsb,
  levels,
  loggedIn,
  motleyDisplay,
  nobodyIn,
  technicianIn,
} from './scripted-desk.js';
import { held, kioskAtRest, scriptKiosk, type ScriptedKiosk } from './scripted-kiosk.js';
import { expectAccessible } from './screen-rules.js';
import { serveKiosk, type ServedKiosk } from './served-kiosk.js';
import { languages, screens, textsOf, Visitor, type ScreenSize } from './visitor.js';

// The bench in the staff's console, and the demo bench's rig and keys, with a rig that does what the test says.

const texts = { da: da.staff, en: en.staff };
let kiosk: ServedKiosk;

test.beforeAll(async () => {
  kiosk = await serveKiosk();
});
test.afterAll(async () => {
  await kiosk.stop();
});

const ok = (value: unknown) => ({ ok: true, value });

interface Scene {
  readonly access?: AccessState;
  readonly state?: BenchState;
  readonly language?: Language;
  readonly size?: ScreenSize;
  readonly answers?: object;
}

/** The bench at a desk; on the upright screen, it is the kiosk's own. */
async function atBench(page: Page, scene: Scene = {}): Promise<ScriptedKiosk> {
  const { access = loggedIn, state = benchAtRest, language = 'en', size = 'small', answers = {} } = scene;
  await page.setViewportSize(screens[size]);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const own = size === 'portrait';
  const scripted = await scriptKiosk(page, kioskAtRest, {
    'access.state': ok(own ? { ...nobodyIn, role: 'visitor' } : access),
    'desk.state': ok(deskAtWork),
    'desk.statistics': ok({ kind: 'statistics', statistics: figures }),
    'desk.appointments': ok({ kind: 'appointments', appointments: [] }),
    'bench.state': ok(state),
    ...answers,
  });
  const text = texts[language];
  if (own) {
    await page.goto(kiosk.address);
    await page.getByRole('button', { name: textsOf('da').frame.help, exact: true }).click();
    await page.getByRole('button', { name: texts.da.title, exact: true }).click();
    await scripted.emit('access.state', access);
  } else {
    await page.goto(`${new URL(kiosk.address).origin}/staff`);
  }
  if (language === 'en') await page.getByRole('button', { name: texts.da.other }).click();
  await page.getByRole('button', { name: text.bench.title, exact: true }).click();
  return scripted;
}

async function sent(scripted: ScriptedKiosk): Promise<{ method: string; input: unknown }[]> {
  return (await scripted.calls())
    .filter(({ method }) => method.startsWith('bench.') && method !== 'bench.state')
    .map(({ method, input }) => ({ method, input }));
}

/** Nothing is cut off at the side; down, the console scrolls. */
async function expectNothingCut(page: Page): Promise<void> {
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll('main *, header *')]
      .filter((box) => box.closest('svg, .for-screen-readers, [role=log], [role=region]') === null)
      .filter((box) => {
        const { left, right } = box.getBoundingClientRect();
        return (
          left < -1 || right > innerWidth + 1 || box.scrollWidth > box.clientWidth + 1 + 2 * box.clientLeft
        );
      })
      .filter((box) => getComputedStyle(box).display !== 'inline')
      .map((box) => `${box.localName} ${box.textContent.trim().slice(0, 60)}`),
  );
  expect(cut).toEqual([]);
}

test('a display is tested: its progress, its levels over several codes, and its health in words', async ({
  page,
}) => {
  const text = texts.en.bench.display;
  const scripted = await atBench(page, { answers: { 'bench.testDisplay': held } });
  await page.getByRole('button', { name: text.go }).click();
  await expect(page.getByText(text.steps.waiting)).toBeVisible();
  // The button that was pressed is gone: the keyboard goes on at what can be done now.
  await expect(page.getByRole('button', { name: text.finish })).toBeFocused();
  await expect(page.getByText(text.notYet)).toBeVisible();
  await scripted.emit('bench.state', benchAtWork);
  await expect(page.getByText(text.steps.codes)).toBeVisible();
  await expect(page.getByText(formatMessage('en', text.codes, { codes: 12 }))).toBeVisible();
  await expect(page.getByRole('progressbar')).toHaveAttribute('value', '0.4');
  await scripted.emit('bench.levels', levels);
  await expect(page.getByText(formatMessage('en', text.liveNote, { codes: levels.codes }))).toBeVisible();
  const table = page.getByRole('table', { name: text.live });
  await expect(table.getByRole('row')).toHaveCount(1 + 6 * 7);
  const deadRow = table.getByRole('row', { name: `Digit 3, ${text.names.b}` });
  await expect(deadRow).toContainText('90–190');
  await expect(deadRow).toContainText(text.neverOn);
  await expectAccessible(page);

  await page.getByRole('button', { name: text.finish }).click();
  await page.getByRole('button', { name: text.cancel }).click();
  expect((await sent(scripted)).map(({ method }) => method)).toEqual([
    'bench.testDisplay',
    'bench.finish',
    'bench.cancel',
  ]);
  await scripted.answer('bench.testDisplay', ok(brokenDisplay));
  await scripted.emit('bench.state', benchAtRest);
  const heading = page.getByRole('heading', { name: 'Code display: replace it (segment dead)' });
  await expect(heading).toBeVisible();
  const third = page.getByRole('listitem').filter({ hasText: 'Digit 3' });
  await expect(third).toContainText(`${text.names.b}: ${text.healthNames.dead}`);
  await expect(page.getByRole('listitem').filter({ hasText: 'Digit 1' })).toContainText(text.allHealthy);
  const facts = [
    [text.facts.confidence, '99 %'],
    [text.facts.cadence, 'regular, every 30 s'],
    [text.facts.battery, 'good, 2.87 V'],
    [text.facts.presses, '33'],
    [text.facts.button, text.buttons.sometimes],
    [text.facts.time, '3 min. 34 s'],
  ] as const;
  for (const [name, value] of facts) {
    const term = page.getByRole('term').filter({ hasText: new RegExp(`^${name}$`) });
    await expect(term.locator('xpath=following-sibling::dd')).toHaveText(value);
  }
  await expectAccessible(page);
});

test('no code is told by what is drawn: every segment of every digit is there, whatever its levels', async ({
  page,
}) => {
  const scripted = await atBench(page, { answers: { 'bench.testDisplay': held } });
  await page.getByRole('button', { name: texts.en.bench.display.go }).click();
  await scripted.emit('bench.levels', levels);
  await expect(page.locator('.digits .track')).toHaveCount(6 * 7);
  await expect(page.locator('.digits .off')).toHaveCount(6 * 7);
  await expect(page.locator('.digits .on')).toHaveCount(6 * 7 - 1);
});

test('a MitID chip tells what it is, and the keyboard goes on at what came of it', async ({ page }) => {
  const text = texts.en.bench.key;
  const scripted = await atBench(page, { answers: { 'bench.checkKey': held } });
  await page.getByRole('button', { name: text.usb }).press('Enter');
  await expect(page.getByText(text.usbRunning)).toBeVisible();
  await scripted.answer('bench.checkKey', ok(keyInUsb));
  await expect(page.getByRole('heading', { name: /^MitID chip: works/ })).toBeFocused();
  for (const said of ['FIDO_2_0, FIDO_2_1, U2F_V2', keyInUsb.facts.aaguid!, 'usb, nfc, ble', '1200 bytes']) {
    await expect(page.getByText(said, { exact: true })).toBeVisible();
  }
  await expect(page.getByText('blink, CTAP2, U2F', { exact: true })).toBeVisible();
  expect(await sent(scripted)).toEqual([{ method: 'bench.checkKey', input: { way: 'usb' } }]);
  await expectAccessible(page);
});

test('staff have no calibration and no console; a technician has both', async ({ page }) => {
  const scripted = await atBench(page);
  const { calibration, scpi } = texts.en.bench;
  await expect(page.getByRole('heading', { name: calibration.title })).toBeVisible();
  await expect(page.getByRole('button', { name: calibration.go })).toHaveCount(0);
  await expect(page.getByRole('heading', { name: scpi.title })).toHaveCount(0);
  await scripted.emit('access.state', technicianIn);
  await expect(page.getByRole('button', { name: calibration.go })).toBeVisible();
  await expect(page.getByRole('heading', { name: scpi.title })).toBeVisible();
});

test('a calibration asks for a good display first, and says what came of it', async ({ page }) => {
  const scripted = await atBench(page, { access: technicianIn, answers: { 'bench.calibrate': held } });
  const text = texts.en.bench.calibration;
  const go = page.getByRole('button', { name: text.go, exact: true });
  await go.click();
  const question = page.getByRole('alertdialog', { name: text.ask });
  await expect(question).toContainText(text.askNote);
  await page.keyboard.press('Enter');
  await expect(question).toBeHidden();
  expect(await sent(scripted)).toEqual([]);
  await go.click();
  await question.getByRole('button', { name: text.askYes }).click();
  await expect(page.getByText(text.running)).toBeVisible();
  await expectAccessible(page);
  await scripted.answer('bench.calibrate', ok({ kind: 'failed', fault: 'display-unfit' }));
  await expect(page.getByRole('alert')).toHaveText(texts.en.bench.faults['display-unfit']);
  await scripted.answer('bench.calibrate', ok({ kind: 'calibrated', codes: 28 }));
  await go.click();
  await question.getByRole('button', { name: text.askYes }).click();
  await expect(page.getByText(formatMessage('en', text.done, { codes: 28 }))).toBeVisible();
});

test('the SCPI console shows message, answer and errors, says what was left out, and forgets it with the login', async ({
  page,
}) => {
  const scripted = await atBench(page, {
    access: technicianIn,
    answers: {
      'bench.query': ok({ kind: 'done', line: 'Maker,KV-RIG 6,KV60417,2.4.1', redacted: false, errors: [] }),
    },
  });
  const text = texts.en.bench.scpi;
  const log = page.getByRole('log');
  const field = page.getByRole('textbox', { name: text.message });
  await field.fill('*IDN?');
  await field.press('Enter');
  await expect(log).toContainText('Maker,KV-RIG 6,KV60417,2.4.1');
  await expect(field).toHaveValue('');
  await scripted.answer(
    'bench.query',
    ok({ kind: 'done', line: null, redacted: true, errors: [{ code: -113, text: 'Undefined header' }] }),
  );
  await field.fill('MEAS:SEGM? 1');
  await field.press('Enter');
  await expect(log).toContainText(text.redacted);
  await expect(log).toContainText('-113,"Undefined header"');
  await expect(log).not.toContainText(text.noAnswer);
  await scripted.answer('bench.query', { ok: false, error: { kind: 'busy' } });
  await page.getByRole('button', { name: 'MEAS:BATT?' }).click();
  await expect(log).toContainText(texts.en.bench.refused.busy);
  await field.fill('måling?');
  await field.press('Enter');
  await expect(page.getByText(text.bad)).toBeVisible();
  expect((await sent(scripted)).map(({ input }) => input)).toEqual([
    { message: '*IDN?' },
    { message: 'MEAS:SEGM? 1' },
    { message: 'MEAS:BATT?' },
  ]);
  await expectAccessible(page);

  await scripted.answer('access.logout', ok(nobodyIn));
  await page.getByRole('button', { name: texts.en.login.logout }).click();
  await expect(page.getByRole('heading', { name: texts.en.login.title })).toBeVisible();
  await scripted.emit('access.state', technicianIn);
  await page.getByRole('button', { name: texts.en.bench.title, exact: true }).click();
  await expect(page.getByText(text.none)).toBeVisible();
});

test('a self-test’s result joins its history, and what main refuses is said', async ({ page }) => {
  const text = texts.en.bench.selfTest;
  const errors = [{ code: -330, text: 'Self-test failed' }];
  const scripted = await atBench(page, {
    answers: { 'bench.selfTest': ok({ kind: 'done', result: 3, errors }) },
  });
  const history = page.getByRole('region', { name: text.history });
  await expect(history.getByRole('row')).toHaveCount(4);
  await expect(history.getByRole('row', { name: /24 Nov 2026, 08:01/ })).toContainText(
    '-330: Self-test failed;sensor board',
  );
  const again = { ...benchAtRest.selfTests[0]!, result: 3, errors };
  await scripted.answer('bench.state', ok({ ...benchAtRest, selfTests: [again, ...benchAtRest.selfTests] }));
  await expect(page.getByText(text.advice)).toBeHidden();
  await page.getByRole('button', { name: text.go }).click();
  await expect(page.getByText(text.advice)).toBeVisible();
  await expect(history.getByRole('row')).toHaveCount(5);
  await scripted.answer('bench.selfTest', { ok: false, error: { kind: 'not-allowed' } });
  await page.getByRole('button', { name: text.go }).click();
  await expect(page.getByRole('alert')).toHaveText(texts.en.bench.refused['not-allowed']);
});

test('what keeps a test from being begun is said: no rig, no calibration, a visitor’s test', async ({
  page,
}) => {
  const text = texts.en.bench;
  const scripted = await atBench(page, { state: benchWithoutRig });
  const go = page.getByRole('button', { name: text.display.go });
  await expect(page.getByRole('region', { name: text.rig.title, exact: true })).toContainText(
    text.rig.faults.silent,
  );
  await expect(page.getByText(text.calibration.oldStaff)).toBeVisible();
  await expect(go).toBeDisabled();
  await expect(go).toHaveAccessibleDescription(text.rig.faults.silent);
  // A chip needs no rig.
  await expect(page.getByRole('button', { name: text.key.usb })).toBeEnabled();
  await scripted.emit('bench.state', { ...benchAtRest, calibration: { kind: 'none' } });
  await expect(go).toHaveAccessibleDescription(text.whyNot.calibrate);
  await expect(page.getByText(text.calibration.noneStaff)).toBeVisible();
  await scripted.emit('bench.state', { ...benchAtRest, running: { kind: 'visitor' } });
  await expect(page.getByText(text.whyNot.visitor)).toBeVisible();
  await expect(go).toBeDisabled();
  await scripted.emit('bench.state', benchAtRest);
  await expect(go).toBeEnabled();
});

test('what another screen has running is said; a technician can stop it, after a question', async ({
  page,
}) => {
  const text = texts.en.bench;
  const scripted = await atBench(page);
  const stop = page.getByRole('button', { name: text.stopOthers.go, exact: true });
  for (const kind of ['self-test', 'query', 'usb-key', 'nfc-key'] as const) {
    await scripted.emit('bench.state', { ...benchAtRest, running: { kind, own: false } });
    await expect(page.getByText(text.whyNot[kind])).toBeVisible();
    await expect(page.getByRole('button', { name: text.key.usb })).toBeDisabled();
  }
  await expect(stop).toBeHidden();
  await scripted.emit('access.state', technicianIn);
  await scripted.emit('bench.state', benchAtWork);
  await stop.click();
  const question = page.getByRole('alertdialog', { name: text.stopOthers.ask });
  await expect(question).toContainText(text.stopOthers.note);
  expect(await sent(scripted)).toEqual([]);
  await question.getByRole('button', { name: text.stopOthers.yes }).click();
  await expect.poll(() => sent(scripted)).toEqual([{ method: 'bench.cancel', input: {} }]);
  await scripted.emit('bench.state', { ...benchAtRest, running: { kind: 'visitor' } });
  await expect(stop).toBeHidden();
});

test('the keyboard alone tests a display and comes to its result', async ({ page }) => {
  const text = texts.en.bench.display;
  const scripted = await atBench(page, { answers: { 'bench.testDisplay': held } });
  const go = page.getByRole('button', { name: text.go });
  await page.keyboard.press('b');
  await page.keyboard.press('b');
  await page.keyboard.press('Tab');
  await expect(go).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: text.finish })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await sent(scripted)).at(-1)?.method).toBe('bench.finish');
  await scripted.answer('bench.testDisplay', ok(brokenDisplay));
  await expect(page.getByRole('heading', { name: /^Code display: replace it/ })).toBeFocused();
});

for (const language of languages) {
  test(`the desk says which device a person comes with, and what is wrong with it: ${language}`, async ({
    page,
  }) => {
    const text = texts[language].device;
    const scripted = await atBench(page, { language });
    await scripted.emit('desk.state', {
      ...deskAtWork,
      current: {
        ...called,
        reason: { kind: 'device', device: 'mitid-chip', outcome: 'could-not-tell', reason: 'key-busy' },
      },
    });
    await page.getByRole('button', { name: texts[language].bench.queue, exact: true }).click();
    await expect(page.getByRole('row', { name: 'A015' })).toContainText(
      `${text.kinds['code-display']}: ${text.outcomes.replace} (${text.reasons['segment-dead']})`,
    );
    await expect(page.locator('.now')).toContainText(
      `${text.kinds['mitid-chip']}: ${text.outcomes['could-not-tell']} (${text.reasons['key-busy']})`,
    );
    await expectAccessible(page);
    await picture(page, `bench/${language}-small-0-queue`);
  });
}

test('the letter B goes to the bench and back, and the queue’s letters do nothing there', async ({
  page,
}) => {
  const scripted = await atBench(page);
  await page.keyboard.press('n');
  await page.keyboard.press('b');
  await expect(page.getByRole('button', { name: texts.en.current.serve })).toBeVisible();
  await page.keyboard.press('b');
  await expect(page.getByRole('heading', { name: texts.en.bench.rig.title })).toBeVisible();
  expect((await scripted.calls()).map(({ method }) => method)).not.toContain('desk.callNext');
});

for (const screen of ['at a desk', 'on its own screen'] as const)
  test(`a kiosk without a queue has its bench all the same, ${screen}`, async ({ page }) => {
    await scriptKiosk(
      page,
      { ...kioskAtRest, queue: false },
      {
        'access.state': ok(loggedIn),
        'desk.state': { ok: false, error: { kind: 'queue-off' } },
        'bench.state': ok(benchAtRest),
      },
    );
    if (screen === 'at a desk') await page.goto(`${new URL(kiosk.address).origin}/staff`);
    else {
      await page.goto(kiosk.address);
      await page.getByRole('button', { name: 'Hjælp', exact: true }).click();
      await page.getByRole('button', { name: texts.da.title, exact: true }).click();
    }
    await expect(page.getByRole('heading', { name: texts.da.bench.rig.title })).toBeVisible();
    await expect(page.getByRole('button', { name: texts.da.bench.queue, exact: true })).toHaveCount(0);
  });

for (const language of languages) {
  for (const size of ['portrait', 'landscape', 'small'] as const) {
    test(`the whole bench can be read by everyone: ${language}, ${size}`, async ({ page }) => {
      const text = texts[language].bench;
      const scripted = await atBench(page, {
        language,
        size,
        access: technicianIn,
        state: { ...benchAtRest, demo: true },
        answers: { 'bench.testDisplay': held, 'bench.checkKey': ok(keyInUsb) },
      });
      const shown = async (name: string): Promise<void> => {
        await expectNothingCut(page);
        await expectAccessible(page);
        // The console scrolls in itself: the picture is of all of it.
        const height = await page.evaluate(() => document.querySelector('.console')!.scrollHeight);
        await page.setViewportSize({ ...screens[size], height: Math.max(height, screens[size].height) });
        await picture(page, `bench/${language}-${size}-${name}`);
        await page.setViewportSize(screens[size]);
      };
      await expect(page.getByRole('heading', { name: text.rig.title })).toBeVisible();
      await shown('1-rest');
      await page.getByRole('button', { name: text.display.go }).click();
      await scripted.emit('bench.state', { ...benchAtWork, demo: true });
      await scripted.emit('bench.levels', levels);
      await shown('2-levels');
      await scripted.answer('bench.testDisplay', ok(brokenDisplay));
      await scripted.emit('bench.state', benchAtRest);
      await expect(page.getByText(text.display.health)).toBeVisible();
      await scripted.answer(
        'bench.query',
        ok({
          kind: 'done',
          line: 'Maalevaerkstedet,KV-RIG 6,KV60417,2.4.1',
          redacted: false,
          errors: [],
        }),
      );
      await page.getByRole('button', { name: '*IDN?' }).click();
      await expect(page.getByRole('log')).toContainText('*IDN?');
      await scripted.answer(
        'bench.query',
        ok({
          kind: 'done',
          line: null,
          redacted: true,
          errors: [{ code: -230, text: 'Data corrupt or stale' }],
        }),
      );
      await page.getByRole('textbox', { name: text.scpi.message }).fill('MEAS:SEGM? 1');
      await page.getByRole('button', { name: text.scpi.send, exact: true }).click();
      await expect(page.getByRole('log')).toContainText('MEAS:SEGM? 1');
      await page.getByRole('button', { name: text.key.usb }).click();
      await expect(page.getByText(keyInUsb.facts.aaguid!)).toBeVisible();
      await shown('3-results');
      for (const [name, result] of Object.entries({ healthyDisplay, motleyDisplay, fewCodes })) {
        await scripted.answer('bench.testDisplay', ok(result));
        await page.getByRole('button', { name: text.display.go }).click();
        const heading = `${texts[language].device.kinds['code-display']}: ${texts[language].device.outcomes[result.verdict.outcome]}`;
        await expect(page.getByRole('heading', { name: heading })).toBeVisible();
        await shown(`4-${name}`);
      }
      await scripted.emit('bench.state', benchWithoutRig);
      await expect(page.getByText(text.rig.faults.silent).first()).toBeVisible();
      await shown('5-no-rig');
    });

    test(`the demo bench has the rig and the keys: ${language}, ${size}`, async ({ page }) => {
      await page.setViewportSize(screens[size]);
      const scripted = await scriptKiosk(
        page,
        {
          ...kioskAtRest,
          demo: true,
          demoRig: true,
          rig: { kind: 'ready', calibrated: true },
          settings: { ...kioskAtRest.settings, defaultLanguage: language },
        },
        { 'demo.authenticators': ok({ rig: 'none', key: null }) },
      );
      const visitor = new Visitor(page, language);
      const text = visitor.text.demo;
      await visitor.arrive(kiosk.address);
      await visitor.touch(text.open);
      await page.getByLabel(text.rig).selectOption('dead-segment');
      await page.getByLabel(text.keyInUsb).selectOption('u2f-only');
      await expectAccessible(page);
      await picture(page, `demo-bench/${language}-${size}`);
      await page.getByLabel(text.keyForReader).scrollIntoViewIfNeeded();
      await picture(page, `demo-bench/${language}-${size}-below`);
      await page.getByLabel(text.keyForReader).selectOption('torn');
      await visitor.touch(text.placeKey);
      await expect(page.getByRole('dialog')).toBeHidden();
      const calls = (await scripted.calls()).filter(({ method }) => method.startsWith('demo.'));
      expect(calls).toEqual([
        { method: 'demo.authenticators', input: {} },
        { method: 'demo.authenticators', input: { change: { rig: 'dead-segment', key: null } } },
        { method: 'demo.authenticators', input: { change: { rig: 'none', key: 'u2f-only' } } },
        { method: 'demo.placeKey', input: { key: 'torn' } },
      ]);
    });
  }
}

test('without a demo rig, the demo bench has none; without a demo reader, no key is put on it', async ({
  page,
}) => {
  const rig = { kind: 'ready', calibrated: true } as const;
  const scripted = await scriptKiosk(
    page,
    { ...kioskAtRest, demo: true },
    { 'demo.authenticators': ok({ rig: 'none', key: null }) },
  );
  const visitor = new Visitor(page, 'da');
  await page.setViewportSize(screens.landscape);
  await visitor.arrive(kiosk.address);
  const { text } = visitor;
  await visitor.touch(text.demo.open);
  await expect(page.getByLabel(text.demo.keyForReader)).toBeVisible();
  await expect(page.getByLabel(text.demo.rig)).toHaveCount(0);
  await visitor.touch(text.frame.close);
  await scripted.emit('kiosk.state', { ...kioskAtRest, demoPrinter: true, demoRig: true, rig });
  await visitor.touch(text.demo.open);
  await expect(page.getByLabel(text.demo.rig)).toBeVisible();
  await expect(page.getByLabel(text.demo.keyForReader)).toHaveCount(0);
});
