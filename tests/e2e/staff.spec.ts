import { expect, test, type Page, type WebSocketRoute } from '@playwright/test';
import type { DeskState } from '../../main/api/contract.js';
import { da } from '../../renderer/i18n/desk/da.js';
import { en } from '../../renderer/i18n/desk/en.js';
import { formatMessage } from '../../renderer/i18n/format.js';
import { picture } from './picture.js';
import { called, deskAtWork, figures, loggedIn, nobodyIn, ticket } from './scripted-desk.js';
import { kioskAtRest, scriptKiosk, type ScriptedKiosk } from './scripted-kiosk.js';
import { expectAccessible } from './screen-rules.js';
import { serveKiosk, type ServedKiosk } from './served-kiosk.js';

// The desk's page with a queue that does what the test says. The whole way, for real, is in queue.spec.ts.

const texts = { da: da.staff, en: en.staff };
const desk = { width: 1366, height: 768 };
let kiosk: ServedKiosk;

test.beforeAll(async () => {
  kiosk = await serveKiosk();
});
test.afterAll(async () => {
  await kiosk.stop();
});

const ok = (value: unknown) => ({ ok: true, value });

async function atDesk(page: Page, state: DeskState = deskAtWork, more: object = {}): Promise<ScriptedKiosk> {
  await page.setViewportSize(desk);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const scripted = await scriptKiosk(page, kioskAtRest, {
    'access.state': ok(loggedIn),
    'desk.state': ok(state),
    'desk.statistics': ok({ kind: 'statistics', statistics: figures }),
    'desk.appointments': ok({ kind: 'appointments', appointments: [] }),
    ...more,
  });
  await page.goto(`${new URL(kiosk.address).origin}/staff`);
  return scripted;
}

async function sent(scripted: ScriptedKiosk): Promise<string[]> {
  const quiet = ['desk.state', 'desk.statistics', 'desk.appointments'];
  return (await scripted.calls())
    .map(({ method }) => method)
    .filter((method) => method.startsWith('desk.') && !quiet.includes(method));
}

const columns = (page: Page): Promise<number> =>
  page
    .locator('.column')
    .evaluateAll((all) => new Set(all.map((each) => each.getBoundingClientRect().left)).size);

test('a no-show, a cancellation and a call past a number that has not come are asked about first', async ({
  page,
}) => {
  const scripted = await atDesk(page);
  const { current, ask } = texts.da;
  const grave = [
    [current.noShow, ask.noShowYes, 'desk.noShow'],
    [current.cancel, ask.cancelYes, 'desk.cancel'],
    [current.next, ask.leaveYes, 'desk.callNext'],
  ] as const;
  const expected: string[] = [];
  for (const [button, yes, method] of grave) {
    await page.getByRole('button', { name: button, exact: true }).click();
    const question = page.getByRole('alertdialog');
    await expect(question).toContainText(called.label);
    // The same key pressed again changes nothing.
    await expect(question.getByRole('button', { name: ask.back })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(question).toBeHidden();
    expect(await sent(scripted)).toEqual(expected);
    await page.getByRole('button', { name: button, exact: true }).click();
    await question.getByRole('button', { name: yes }).click();
    expected.push(method);
    await expect.poll(() => sent(scripted)).toEqual(expected);
  }
});

test('tickets that failed stand in columns, and whoever was sent on has waited since the number was taken', async ({
  page,
}) => {
  const sentOn = ticket(14, { service: 'mitid', transferredFrom: 'passports' });
  await atDesk(page, {
    ...deskAtWork,
    waiting: [{ ...sentOn, takenAt: deskAtWork.at - 31 * 60_000, waitingFrom: deskAtWork.at }],
    papers: [
      ticket(13, { paper: 'not-printed', paperTrouble: 'paper-out' }),
      ticket(21, { paper: 'unknown', paperTrouble: 'ticket-waiting' }),
    ],
  });
  await expect(page.getByRole('row', { name: sentOn.label })).toContainText(
    formatMessage('da', texts.da.lists.minutes, { minutes: 31 }),
  );
  for (const name of [texts.da.lists.reprint, texts.da.lists.hasPaper]) {
    const lefts = await page
      .locator('.papers')
      .getByRole('button', { name })
      .evaluateAll((all) => all.map((each) => Math.round(each.getBoundingClientRect().left)));
    expect(lefts).toHaveLength(2);
    expect(new Set(lefts).size).toBe(1);
  }
  await expectAccessible(page);
  await picture(page, 'desk/papers');
});

test('a question about a number that another screen has dealt with goes away', async ({ page }) => {
  const scripted = await atDesk(page);
  await page.getByRole('button', { name: texts.da.current.noShow, exact: true }).click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await scripted.emit('desk.state', { ...deskAtWork, current: { ...called, state: 'serving' } });
  await expect(page.getByRole('alertdialog')).toBeHidden();
  expect(await sent(scripted)).toEqual([]);
});

test('shortcut keys can be switched off, and stay so in this browser', async ({ page }) => {
  const scripted = await atDesk(page);
  const shortcuts = page.getByRole('checkbox', { name: texts.da.current.shortcuts });
  await expect(shortcuts).toBeChecked();
  await page.keyboard.press('r');
  await expect.poll(() => sent(scripted)).toEqual(['desk.recall']);
  await shortcuts.uncheck();
  await page.reload();
  await expect(shortcuts).not.toBeChecked();
  await page.keyboard.press('r');
  await page.getByRole('button', { name: texts.da.current.serve }).click();
  // The list of calls began anew with the page: of the key, nothing was heard.
  await expect.poll(() => sent(scripted)).toEqual(['desk.serve']);
});

test('a session that ended and a locked PIN are explained, and the time is counted down', async ({
  page,
}) => {
  await page.clock.install();
  const scripted = await atDesk(page, deskAtWork, { 'access.login': ok({ kind: 'locked', forMs: 65_000 }) });
  await expect(page.getByRole('button', { name: texts.da.current.serve })).toBeVisible();
  await scripted.emit('access.state', nobodyIn);
  const { login } = texts.da;
  await expect(page.getByText(login.ended)).toBeVisible();
  await page.getByLabel(login.pin).fill('407193');
  await page.getByRole('button', { name: login.go }).click();
  await expect(page.getByRole('alert')).toHaveText(login.locked);
  await expect(page.getByRole('button', { name: login.go })).toBeDisabled();
  await page.clock.runFor(25_000);
  await expect(page.getByRole('timer')).toContainText(/0:[0-4]\d/);
  await expectAccessible(page);
  await page.clock.runFor(45_000);
  await expect(page.getByRole('alert')).toHaveText(login.unlocked);
  await expect(page.getByRole('button', { name: login.go })).toBeEnabled();
});

test('without a connection the page says so and its controls are off, until it is back', async ({ page }) => {
  let line: WebSocketRoute | undefined;
  let cut = false;
  await page.routeWebSocket(/./, async (socket) => {
    if (cut) {
      await socket.close();
      return;
    }
    socket.connectToServer();
    line = socket;
  });
  await page.goto(`${new URL(kiosk.address).origin}/staff`);
  const { login, lost } = texts.da;
  const pin = page.getByLabel(login.pin);
  await pin.focus();
  cut = true;
  await line?.close();
  await expect(page.getByRole('alert').filter({ hasText: lost })).toBeVisible();
  await expect(page.getByRole('button', { name: login.go })).toBeDisabled();
  await expect(pin).toBeDisabled();
  cut = false;
  await expect(pin).toBeEnabled();
  await expect(pin).toBeFocused();
});

for (const language of ['da', 'en'] as const) {
  test(`the desk and its charts can be read by everyone, and say what went wrong: ${language}`, async ({
    page,
  }) => {
    await atDesk(page, deskAtWork, { 'desk.appointments': { ok: false, error: { kind: 'internal' } } });
    const text = texts[language];
    if (language === 'en') await page.getByRole('button', { name: texts.da.other }).click();
    await page.getByRole('button', { name: text.figures.show }).click();
    const chart = page.getByRole('table', { name: text.figures.byHour.waiting });
    const nine = formatMessage(language, text.figures.hour, { hour: 9 });
    await expect(chart.getByRole('row', { name: nine })).toContainText(/12\s*27/);
    await page.getByLabel(text.figures.hoursOf).selectOption('mitid');
    await expect(chart.getByRole('row', { name: nine })).toContainText(/5\s*12/);
    await page.getByRole('button', { name: text.bookings.show }).click();
    await expect(page.getByText(text.bookings.notShown)).toBeVisible();
    await page.getByLabel(text.bookings.import).setInputFiles({
      name: 'tider.csv',
      mimeType: 'text/csv',
      buffer: Buffer.alloc(400_001, 'x'),
    });
    const tooLarge = formatMessage(language, text.bookings.tooLarge, { limit: 400_000 });
    await expect(page.getByText(tooLarge)).toBeVisible();
    await expectAccessible(page);
    expect(await columns(page)).toBeGreaterThan(1);
  });
}

test('the kiosk’s own screen has a keypad with a key that erases, and keeps to one column', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1080, height: 1920 });
  const scripted = await scriptKiosk(page, kioskAtRest, {
    'access.state': ok({ ...nobodyIn, role: 'visitor' }),
    'desk.state': ok(deskAtWork),
  });
  await page.goto(kiosk.address);
  await page.getByRole('button', { name: 'Hjælp', exact: true }).click();
  await page.getByRole('button', { name: texts.da.title, exact: true }).click();
  const { login } = texts.da;
  for (const key of ['4', '0', login.erase]) {
    await page.getByRole('button', { name: key, exact: true }).click();
  }
  await expect(page.getByLabel(login.pin)).toHaveValue('4');
  await expectAccessible(page);
  await scripted.emit('access.state', loggedIn);
  await expect(page.getByRole('button', { name: texts.da.current.serve })).toBeVisible();
  await expectAccessible(page);
  expect(await columns(page)).toBe(1);
});

for (const language of ['da', 'en'] as const) {
  test(`a database that is out of reach is told, and never as an empty day: ${language}`, async ({
    page,
  }) => {
    const away = ok({ kind: 'away' });
    const state: DeskState = { ...deskAtWork, source: 'leased', lastKnown: '10:25' };
    await atDesk(page, state, { 'desk.appointments': away, 'desk.statistics': away });
    const text = texts[language];
    if (language === 'en') await page.getByRole('button', { name: texts.da.other }).click();
    const notice = page.getByRole('alert');
    await expect(notice).toContainText(text.sources.leased);
    await expect(notice).toContainText(formatMessage(language, text.lastKnown, { time: '10:25' }));
    await expect(page.locator('#current ~ .now')).toContainText('A011');
    await page.getByRole('button', { name: text.figures.show }).click();
    await expect(page.getByText(text.figures.away)).toBeVisible();
    await page.getByRole('button', { name: text.bookings.show }).click();
    await expect(page.getByText(text.bookings.notThere)).toBeVisible();
    await expect(page.getByText(text.bookings.none)).toHaveCount(0);
    await expectAccessible(page);
  });
}

test('the desk says of each service why the kiosk gives no numbers for it', async ({ page }) => {
  const [first] = deskAtWork.services;
  if (first === undefined) throw new Error('no service');
  const states = [
    { kind: 'opens-later', at: '12:00' },
    { kind: 'over-for-today' },
    { kind: 'full' },
  ] as const;
  const services = states.map((state) => ({ ...first, id: state.kind, state }));
  await atDesk(page, { ...deskAtWork, services });
  for (const language of ['da', 'en'] as const) {
    const { closed } = texts[language].services;
    if (language === 'en') await page.getByRole('button', { name: texts.da.other }).click();
    for (const { kind } of states) {
      await expect(page.getByText(formatMessage(language, closed[kind], { time: '12:00' }))).toBeVisible();
    }
  }
});

test('bookings that are shown follow the queue', async ({ page }) => {
  const booking = {
    ...{ id: '00000000-0000-4000-8000-000000000001', service: 'passports', time: '11:15', code: 'ABC123' },
    state: 'booked',
  };
  const list = (entry: object) => ok({ kind: 'appointments', appointments: [entry] });
  const scripted = await atDesk(page, deskAtWork, { 'desk.appointments': list(booking) });
  await page.getByRole('button', { name: texts.da.bookings.show }).click();
  await expect(page.getByText(/ABC123 · bestilt/)).toBeVisible();
  await scripted.answer('desk.appointments', list({ ...booking, state: 'arrived', label: 'A020' }));
  await scripted.emit('desk.state', { ...deskAtWork, at: deskAtWork.at + 1000 });
  await expect(page.getByText(/ABC123 · tjekket ind\s+A020/)).toBeVisible();
});
