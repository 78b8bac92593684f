import { readFileSync } from 'node:fs';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { da as deskDa } from '../../renderer/i18n/desk/da.js';
import { formatMessage } from '../../renderer/i18n/format.js';
import { alwaysOpen } from '../always-open.js';
import { picture } from './picture.js';
import { serveKiosk, type ServedKiosk } from './served-kiosk.js';
import { expectAccessible, expectNoScrolling } from './screen-rules.js';
import { languages, screens, Visitor } from './visitor.js';

// The whole way, for real: a number at the kiosk, its ticket out of the (simulated) printer, the call at a desk in
// another browser, the board that shows and speaks it, and a phone that follows it.

const settings = {
  queue: alwaysOpen,
  lobby: { publicAddress: 'https://koe.example.dk' },
};
const staffPin = '407193';
const technicianPin = '582904';
const desk = deskDa.staff;

let kiosk: ServedKiosk;
let origin: string;

test.beforeAll(async () => {
  kiosk = await serveKiosk(settings);
  origin = new URL(kiosk.address).origin;
});
test.afterAll(async () => {
  await kiosk.stop();
});

async function logIn(page: Page, role: 'staff' | 'technician', pin: string): Promise<void> {
  await page.goto(`${origin}/staff`);
  await page.getByRole('radio', { name: desk.roles[role] }).check();
  await page.getByLabel(desk.login.pin).fill(pin);
  await page.getByRole('button', { name: desk.login.go }).click();
}

test.describe.configure({ mode: 'serial' });

test('the first technician has to choose a PIN before anything else, and then the staff’s', async ({
  page,
}) => {
  const first = /first PIN of the technician: (\d+)/.exec(kiosk.said())?.[1];
  await logIn(page, 'staff', staffPin);
  await expect(page.getByRole('alert')).toHaveText(desk.login.notSet);
  await logIn(page, 'technician', first ?? '');
  await expect(page.getByRole('heading', { name: desk.login.setTitle })).toBeVisible();
  const choose = async (pin: string, repeated = pin): Promise<void> => {
    await page.getByLabel(desk.login.setOwn).fill(pin);
    await page.keyboard.press('Enter');
    // The keyboard stays in the field, which asks for the same once more.
    await expect(page.getByLabel(desk.login.again)).toBeFocused();
    await page.getByLabel(desk.login.again).fill(repeated);
    await page.getByRole('button', { name: desk.login.save }).click();
  };
  await choose('123456');
  await expect(page.getByRole('alert')).toHaveText(desk.login.tooEasy);
  await choose(technicianPin, '582905');
  await expect(page.getByRole('alert')).toHaveText(desk.login.differ);
  await choose(technicianPin);
  await expect(page.getByRole('heading', { name: desk.counter.choose })).toBeVisible();
  for (const [pin, repeated, said] of [
    [staffPin, '407194', desk.login.differ],
    [technicianPin, technicianPin, desk.login.otherRole],
    [staffPin, staffPin, desk.login.saved],
  ] as const) {
    await page.getByLabel(desk.login.setStaff).fill(pin);
    await page.getByLabel(desk.login.again).fill(repeated);
    await page.getByRole('button', { name: desk.login.save }).click();
    await expect(page.getByText(said)).toBeVisible();
  }
  await expect(page.getByText(desk.login.saved)).toBeVisible();
  expect(readFileSync(`${kiosk.dataFolder}/access.json`, 'utf8')).not.toContain(staffPin);
});

test('a number is taken, printed, called at a desk, shown and spoken on the board, followed on a phone', async ({
  browser,
}) => {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const [visitorPage, deskPage, boardPage, phonePage] = await Promise.all([
    context.newPage(),
    context.newPage(),
    context.newPage(),
    context.newPage(),
  ]);
  const spoken: string[] = [];
  boardPage.on('response', (response) => {
    if (response.url().includes('/speech/'))
      spoken.push(`${response.status()} ${new URL(response.url()).pathname}`);
  });
  await boardPage.setViewportSize(screens.landscape);
  await boardPage.goto(`${origin}/board`);
  await boardPage.mouse.click(10, 10);

  await visitorPage.setViewportSize(screens.portrait);
  const visitor = new Visitor(visitorPage, 'da');
  const { queue } = visitor.text;
  await visitor.arrive(kiosk.address);
  await visitor.touch(queue.action);
  await visitorPage.getByRole('button', { name: queue.booked.no }).click();
  await visitor.seesTitle(queue.services.title);
  await visitorPage.getByRole('button', { name: 'Pas og kørekort' }).click();
  await expect(visitor.title).toContainText('A001');
  await expect(visitorPage.getByText(queue.ticket.printed.what)).toBeVisible();
  await picture(visitorPage, 'queue-ticket-da-portrait');
  await visitor.touch(visitor.text.demo.open);
  const paper = await visitorPage.getByTestId('paper').innerText();
  expect(paper).toContain('A001');
  expect(paper).toContain('Prøve: gælder ikke');
  const token = /\/t\/([\w-]+)\]/.exec(paper)?.[1];
  await visitor.touch(visitor.text.frame.close);

  await phonePage.setViewportSize({ width: 390, height: 800 });
  await phonePage.goto(`${origin}/t/${token ?? ''}`);
  await expect(phonePage.getByText(visitor.text.phone.waiting)).toBeVisible();
  await expectAccessible(phonePage);
  await picture(phonePage, 'queue-phone-waiting');

  await deskPage.setViewportSize({ width: 1280, height: 900 });
  await logIn(deskPage, 'staff', staffPin);
  await deskPage.getByRole('button', { name: 'Skranke 2' }).click();
  await expect(deskPage.getByRole('row', { name: /A001/ })).toBeVisible();
  await expectAccessible(deskPage);
  await deskPage.getByRole('button', { name: desk.current.next }).click();
  await expect(deskPage.getByRole('button', { name: desk.current.serve })).toBeVisible();
  await picture(deskPage, 'queue-desk-called');

  await expect(boardPage.getByText('A001').first()).toBeVisible();
  await expect.poll(() => spoken).toEqual(['200 /speech/da/A001/2.wav', '200 /speech/en/A001/2.wav']);
  await picture(boardPage, 'queue-board');
  await expectAccessible(boardPage);
  await expect(
    phonePage.getByText(formatMessage('da', visitor.text.phone.called, { counter: 'Skranke 2' })),
  ).toBeVisible();

  await deskPage.getByRole('button', { name: desk.current.serve }).click();
  await deskPage.getByRole('button', { name: desk.current.done }).click();
  await expect(phonePage.getByText(visitor.text.phone.over)).toBeVisible();
  await deskPage.getByRole('button', { name: desk.figures.show }).click();
  // One taken, one served, nobody stayed away.
  await expect(deskPage.getByRole('row', { name: /^Pas og kørekort 1 1 0/ })).toBeVisible();
  await picture(deskPage, 'queue-desk-figures', true);
  await context.close();
});

test('a booking added at the desk is checked in by its code, its failed paper is found and settled', async ({
  browser,
}) => {
  const context = await browser.newContext();
  const [visitorPage, deskPage] = [await context.newPage(), await context.newPage()];
  await logIn(deskPage, 'staff', staffPin);
  await deskPage.getByRole('button', { name: 'Skranke 1' }).click();
  const now = new Intl.DateTimeFormat('da-DK', {
    timeZone: 'Europe/Copenhagen',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
    .format(new Date())
    .replace('.', ':');
  await deskPage.locator('input[type=time]').fill(now);
  await deskPage.getByLabel(desk.bookings.code, { exact: true }).fill('TEST22');
  await deskPage.getByRole('button', { name: desk.bookings.add }).click();
  await expect(deskPage.getByText('TEST22')).toBeVisible();
  // Without a code one is made up, and said.
  await deskPage.getByRole('button', { name: desk.bookings.add }).click();
  const [before = '', after = ''] = formatMessage('da', desk.bookings.made, { time: now, code: '|' }).split(
    '|',
  );
  const made = deskPage.getByText(before);
  await expect(made).toBeVisible();
  const code = (await made.innerText()).slice(before.length, -after.length);
  await expect(deskPage.getByRole('listitem').filter({ hasText: code })).toContainText(now);

  const visitor = new Visitor(visitorPage, 'en');
  const { queue, demo, frame } = visitor.text;
  await visitor.arrive(kiosk.address);
  await visitor.touch(demo.open);
  await visitorPage.getByRole('radio', { name: demo.printerFaults['paper-out'], exact: true }).check();
  await visitor.touch(frame.close);
  await visitor.touch(queue.action);
  await visitorPage.getByRole('button', { name: queue.booked.yes }).click();
  await visitorPage.keyboard.type('test22');
  await visitor.touch(frame.continue);
  await expect(visitor.title).toContainText('A002');
  await expect(visitorPage.getByText(queue.ticket.counts).first()).toBeVisible();
  await picture(visitorPage, 'queue-not-printed-en');
  // On a low screen in large text not all of it is seen at once: that is shown, until the end is reached.
  await visitorPage.setViewportSize({ width: 1280, height: 720 });
  await visitor.touch(frame.largerText);
  await visitor.touch(frame.largerText);
  const more = visitorPage.locator('.more');
  await expect(more).toBeVisible();
  await picture(visitorPage, 'queue-not-printed-en-large');
  await visitorPage.locator('main').hover();
  await visitorPage.mouse.wheel(0, 2000);
  await expect(more).toBeHidden();
  const again = visitorPage.getByRole('button', { name: queue.ticket.again });
  const bottom = async (of: Locator): Promise<number> => {
    const { y = 0, height = 0 } = (await of.boundingBox()) ?? {};
    return y + height;
  };
  expect(await bottom(again)).toBeLessThan(await bottom(visitorPage.locator('main')));
  await picture(visitorPage, 'queue-not-printed-en-large-end');

  await expect(deskPage.getByText(desk.lists.papers)).toBeVisible();
  await deskPage.getByRole('button', { name: desk.lists.hasPaper }).click();
  await expect(deskPage.getByText(desk.lists.papers)).toBeHidden();
  await context.close();
});

for (const size of ['portrait', 'landscape', 'small'] as const) {
  for (const language of languages) {
    test(`the questions of a check-in fit the screen: ${language}, ${size}`, async ({ page }) => {
      await page.setViewportSize(screens[size]);
      const visitor = new Visitor(page, language);
      const { queue } = visitor.text;
      const onScreen = async (name: string): Promise<void> => {
        await expectNoScrolling(page);
        if (size === 'portrait') await expectAccessible(page);
        await picture(page, `queue-${name}-${language}-${size}`);
      };
      await visitor.arrive(kiosk.address);
      await onScreen('home');
      await visitor.touch(queue.action);
      await onScreen('booked');
      await page.getByRole('button', { name: queue.booked.yes }).click();
      await onScreen('code');
      await visitor.touch(queue.code.without);
      await onScreen('booked-service');
      await page.getByRole('button', { name: 'MitID' }).click();
      await onScreen('hour');
      await visitor.touch('10');
      await onScreen('minute');
      await visitor.touch('15');
      await expect(page.getByText(queue.refusals.unknown.what).first()).toBeVisible();
      await onScreen('refusal');
    });
  }
}
