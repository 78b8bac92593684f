import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { alwaysOpen } from '../always-open.js';
import { findElectron, startElectronKiosk, type ElectronKiosk } from './electron-kiosk.js';
import { Visitor } from './visitor.js';

// The product's own shell for real: what the visitor can do in it, and what nobody can.

const found = findElectron();
test.skip('missing' in found, 'missing' in found ? found.missing : '');

let kiosk: ElectronKiosk;

test.beforeEach(async () => {
  kiosk = await startElectronKiosk('path' in found ? found.path : '', { queue: alwaysOpen });
  await expect(kiosk.page.getByRole('heading', { level: 1 })).toBeVisible();
});
test.afterEach(() => kiosk.close());

/** What the window's page says now: unlike Playwright's page, it outlives a crash. */
function titleNow(): Promise<unknown> {
  return kiosk.electron.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (contents === undefined || contents.isCrashed() || contents.isLoading()) return null;
    const title: unknown = await contents.executeJavaScript('document.querySelector("h1")?.textContent');
    return title;
  });
}

test('a visitor checks a passport from the first touch to the verdict in Electron', async () => {
  const visitor = new Visitor(kiosk.page, 'da');
  await visitor.seesTitle(visitor.text.queue.welcome);
  await visitor.enterKey('passport-pace');
  await visitor.touch(visitor.text.review.start);
  await visitor.place('passport-pace');
  await visitor.waitForVerdict();
  await visitor.seesTitle(visitor.text.verdict.titles.ready);
  await visitor.touch(visitor.text.frame.finish);
  await visitor.seesTitle(visitor.text.queue.welcome);
  expect(kiosk.log().join('\n')).not.toContain('shell.attempt-denied');
});

test('a visitor takes a number in Electron, with a ticket out of the demo printer', async () => {
  const visitor = new Visitor(kiosk.page, 'da');
  const { queue } = visitor.text;
  await visitor.seesTitle(queue.welcome);
  await visitor.touch(queue.action);
  await kiosk.page.getByRole('button', { name: queue.booked.no }).click();
  await visitor.seesTitle(queue.services.title);
  await kiosk.page.getByRole('button', { name: 'Pas og kørekort' }).click();
  await expect(visitor.title).toContainText('A001');
  await expect(kiosk.page.getByText(queue.ticket.printed.what)).toBeVisible();
  await visitor.touch(visitor.text.demo.open);
  await expect(kiosk.page.getByTestId('paper')).toContainText('A001');
  await visitor.touch(visitor.text.frame.close);
  await visitor.touch(visitor.text.frame.finish);
  await visitor.seesTitle(queue.welcome);
  expect(existsSync(`${kiosk.dataFolder}/queue.sqlite`)).toBe(true);
});

test('the page has no Node, a sandbox of its own and the bridge alone', async () => {
  const inside = await kiosk.page.evaluate(() => ({
    node: ['require', 'process', 'Buffer', 'module', 'global', 'electron', '__dirname'].filter(
      (name) => name in window,
    ),
    bridge: Object.keys(Reflect.get(window, 'forhal') as object).sort(),
  }));
  expect(inside).toEqual({ node: [], bridge: ['on', 'post'] });
  const { pid, switches, user } = await kiosk.electron.evaluate(({ app, BrowserWindow }) => ({
    pid: BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
    switches: ['no-sandbox', 'disable-web-security'].filter((name) => app.commandLine.hasSwitch(name)),
    user: process.getuid?.(),
  }));
  expect(switches).toEqual([]);
  expect(user).not.toBe(0);
  // 2: system calls are filtered (proc(5)), which is what Chromium's sandbox does to a page.
  expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Seccomp:\s+2$/m);
});

test('the window is a kiosk that keeps nothing, has no menu and does not close', async () => {
  const window = await kiosk.electron.evaluate(async ({ app, BrowserWindow, Menu }) => {
    const [only, ...others] = BrowserWindow.getAllWindows();
    if (only === undefined) throw new Error('no window');
    const { webContents } = only;
    webContents.openDevTools();
    only.close();
    await new Promise((resolve) => setTimeout(resolve, 500));
    return {
      others: others.length,
      kiosk: only.isKiosk(),
      closed: only.isDestroyed(),
      devTools: webContents.isDevToolsOpened(),
      menu: Menu.getApplicationMenu(),
      persistent: webContents.session.isPersistent(),
      zoom: webContents.getZoomFactor(),
      alone: app.hasSingleInstanceLock(),
    };
  });
  expect(window).toEqual({
    others: 0,
    kiosk: true,
    closed: false,
    devTools: false,
    menu: null,
    persistent: false,
    zoom: 1,
    alone: true,
  });
});

test('the page opens no window, goes nowhere, downloads nothing and reaches no network', async () => {
  const { page } = kiosk;
  const tried = await page.evaluate(async () => {
    const click = (set: (link: HTMLAnchorElement) => void): void => {
      const link = document.createElement('a');
      set(link);
      document.body.append(link);
      link.click();
      link.remove();
    };
    const opened = window.open('https://example.org/') !== null;
    click((link) => {
      link.href = 'https://example.org/';
      link.target = '_blank';
    });
    click((link) => {
      link.href = URL.createObjectURL(new Blob(['x']));
      link.download = 'x.txt';
    });
    click((link) => {
      link.href = '/index.html';
      link.download = 'index.html';
    });
    for (const address of ['https://example.org/', 'file:///etc/passwd', 'app://forhal/other']) {
      window.location.href = address;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const reached: string[] = [];
    for (const address of [
      'https://example.org/',
      'http://127.0.0.1/',
      'file:///etc/passwd',
      'app://other/',
    ]) {
      await fetch(address).then(
        () => reached.push(address),
        () => undefined,
      );
    }
    let evaluated = true;
    try {
      Reflect.construct(Function, ['return 1']);
    } catch {
      evaluated = false;
    }
    return { opened, reached, evaluated, place: window.location.href };
  });
  expect(tried).toEqual({ opened: false, reached: [], evaluated: false, place: 'app://forhal/' });
  expect(await kiosk.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  expect(await titleNow()).toBe(new Visitor(page, 'da').text.queue.welcome);
  const log = kiosk.log().join('\n');
  for (const what of ['"window"', '"navigation"', '"download"']) expect(log).toContain(`"what":${what}`);
});

test('the page is granted no permission', async () => {
  const granted = await kiosk.page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read'];
    const asked = await Promise.all(
      names.map(async (name) => {
        const status = await navigator.permissions
          .query({ name: name as PermissionName })
          .catch(() => ({ state: 'denied' }));
        return status.state === 'granted' ? [name] : [];
      }),
    );
    const got = async (name: string, attempt: () => Promise<unknown>): Promise<string[]> =>
      attempt().then(
        (value) => (value === 'denied' || (Array.isArray(value) && value.length === 0) ? [] : [name]),
        () => [],
      );
    const attempts = await Promise.all([
      got('camera', () => navigator.mediaDevices.getUserMedia({ video: true })),
      got('microphone', () => navigator.mediaDevices.getUserMedia({ audio: true })),
      got('screen', () => navigator.mediaDevices.getDisplayMedia()),
      got('clipboard', () => navigator.clipboard.readText()),
      got('notification', () => Notification.requestPermission()),
      got('place', () => new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no))),
    ]);
    return [...asked, ...attempts].flat();
  });
  expect(granted).toEqual([]);
});

test('no key leaves the kiosk, and those for typing arrive', async () => {
  const { page } = kiosk;
  await page.evaluate(() => {
    const keys: string[] = [];
    Object.defineProperty(window, 'keys', { value: keys });
    window.addEventListener('keydown', (event) => keys.push(event.key), { capture: true });
  });
  await kiosk.electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    const commands: [key: string, ...modifiers: ('control' | 'alt' | 'shift' | 'meta')[]][] = [
      ['F5'],
      ['F11'],
      ['F12'],
      ['r', 'control'],
      ['w', 'control'],
      ['q', 'control'],
      ['p', 'control'],
      ['n', 'control'],
      ['Plus', 'control'],
      ['i', 'control', 'shift'],
      ['F4', 'alt'],
      ['Left', 'alt'],
      ['l', 'meta'],
    ];
    for (const [keyCode, ...modifiers] of commands) {
      contents?.sendInputEvent({ type: 'keyDown', keyCode, modifiers });
      contents?.sendInputEvent({ type: 'keyUp', keyCode, modifiers });
    }
    for (const keyCode of ['a', '7', 'Tab']) contents?.sendInputEvent({ type: 'keyDown', keyCode });
  });
  const heard = (): Promise<unknown> => page.evaluate((): unknown => Reflect.get(window, 'keys'));
  await expect.poll(heard).toEqual(['a', '7', 'Tab']);
  expect(
    await kiosk.electron.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      return [contents?.getZoomFactor(), contents?.getURL(), contents?.isDevToolsOpened()];
    }),
  ).toEqual([1, 'app://forhal/', false]);
});

test('a page that is killed comes back by itself, and a check works in it', async () => {
  const visitor = new Visitor(kiosk.page, 'da');
  const pid = await kiosk.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
  );
  process.kill(Number(pid), 'SIGKILL');
  await expect.poll(() => kiosk.log().join('\n')).toContain('shell.page-reloaded');
  await expect.poll(titleNow, { timeout: 15_000 }).toBe(visitor.text.queue.welcome);
  const state: unknown = await kiosk.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(`
      new Promise((resolve) => {
        window.forhal.on((text) => text.includes('"i":"from-test"') && resolve(JSON.parse(text).r));
        window.forhal.post(JSON.stringify({ t: 'q', i: 'from-test', m: 'kiosk.state', a: [{}] }));
      })`),
  );
  expect(state).toMatchObject({ ok: true, value: { chipReader: { kind: 'ready' } } });
});

test('a page that leaves for nowhere is brought back', async () => {
  await kiosk.electron.evaluate(({ BrowserWindow }) => {
    void BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('location.href = "about:blank"');
  });
  await expect.poll(() => kiosk.log().join('\n')).toContain('"reason":"left"');
  await expect.poll(titleNow, { timeout: 15_000 }).toBe(new Visitor(kiosk.page, 'da').text.queue.welcome);
});

test('a page that hangs is noticed by its silence and replaced', async () => {
  const visitor = new Visitor(kiosk.page, 'da');
  await kiosk.electron.evaluate(({ BrowserWindow }) => {
    void BrowserWindow.getAllWindows()[0]
      ?.webContents.executeJavaScript('for (;;);')
      .catch(() => undefined);
  });
  await expect
    .poll(() => kiosk.log().join('\n'), { timeout: 50_000, intervals: [1000] })
    .toContain('shell.page-reloaded');
  await expect.poll(titleNow, { timeout: 15_000 }).toBe(visitor.text.queue.welcome);
});

test('the kiosk that is told to stop does so in order', async () => {
  const { pid, host } = await kiosk.electron.evaluate(({ app }) => ({
    pid: process.pid,
    host: app
      .getAppMetrics()
      .find(({ name, serviceName }) => `${name} ${serviceName}`.includes('Forhal chips'))?.pid,
  }));
  expect(host).toBeGreaterThan(0);
  process.kill(pid, 'SIGTERM');
  await expect.poll(() => kiosk.log().at(-1)).toContain('"event":"app.stopped"');
  expect(existsSync(`/proc/${host}`)).toBe(false);
});

test('a driver host that is killed in mid-read is said on screen, and the next check works', async () => {
  const visitor = new Visitor(kiosk.page, 'da');
  await visitor.fillIn('passport-pace');
  await visitor.touch(visitor.text.review.start);
  await visitor.place('passport-pace', 'slow');
  await visitor.seesTitle(visitor.say(visitor.text.progress.title, { document: 'passport' }));
  const hosts = await kiosk.electron.evaluate(({ app }) =>
    app
      .getAppMetrics()
      .filter(({ name, serviceName }) => `${name} ${serviceName}`.includes('Forhal chips'))
      .map(({ pid }) => pid),
  );
  expect(hosts).toHaveLength(1);
  process.kill(Number(hosts[0]), 'SIGKILL');
  await visitor.waitForVerdict();
  await visitor.seesTitle(visitor.text.verdict.titles['could-not-tell']);
  await expect(kiosk.page.getByText(visitor.text.reasons.interrupted.what).first()).toBeVisible();
  await visitor.touch(visitor.text.verdict.again);
  await visitor.place('passport-pace');
  await visitor.waitForVerdict();
  await visitor.seesTitle(visitor.text.verdict.titles.ready);
});
