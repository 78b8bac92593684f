import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import type { Language } from '../../main/api/contract.js';
import { formatMessage } from '../../renderer/i18n/format.js';
import { textsOf } from './visitor.js';

// What holds for every screen of the kiosk.

/** WCAG 2.2 AA and EN 301 549, with the rule on the size of targets that axe leaves off. */
export async function expectAccessible(page: Page): Promise<void> {
  const results = await new AxeBuilder({ page })
    .options({ rules: { 'target-size': { enabled: true } } })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'EN-301-549', 'best-practice'])
    .analyze();
  expect(results.violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.html) }))).toEqual(
    [],
  );
}

/** Everything is on the screen at once. */
export async function expectNoScrolling(page: Page): Promise<void> {
  const overflowing = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('main, footer, header, dialog[open]')]
      .filter(
        (box) =>
          box.scrollHeight > box.clientHeight + 1 ||
          box.scrollWidth > box.clientWidth + 1 ||
          box.getBoundingClientRect().bottom > innerHeight + 1,
      )
      .map((box) => `${box.localName} ${box.scrollWidth}×${box.scrollHeight}`),
  );
  expect(overflowing).toEqual([]);
}

/** Text of 24 px or more, and targets of 72 px or more each way: 15 mm on a 21.5-inch Full HD screen are 61. */
export async function expectLargeEnough(page: Page): Promise<void> {
  const small = await page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const holder = node.parentElement;
      if (holder === null || node.textContent?.trim() === '' || holder.closest('svg, .for-screen-readers'))
        continue;
      if (Number.parseFloat(getComputedStyle(holder).fontSize) < 23.9)
        found.push(`text: ${node.textContent ?? ''}`);
    }
    for (const button of document.querySelectorAll('button')) {
      const { width, height } = button.getBoundingClientRect();
      if (width < 71.9 || height < 71.9) found.push(`target: ${button.textContent.trim()}`);
    }
    return found;
  });
  expect(small).toEqual([]);
}

function messagesIn(messages: object): string[] {
  return Object.values(messages).flatMap((value: unknown) =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? messagesIn(value)
        : [],
  );
}

/** What can be read in a language, for each kind of document; what stands around a number or a step comes in pieces. */
function textsIn(language: Language): string[] {
  const gap = '\n';
  return messagesIn(textsOf(language)).flatMap((message) =>
    (['passport', 'identity-card'] as const)
      .map((document) => ({
        document,
        number: gap,
        count: gap,
        step: gap,
        limit: gap,
        seconds: 20,
        time: gap,
        from: gap,
        to: gap,
        waiting: 3,
        ahead: 3,
        counter: gap,
        label: gap,
        minimumAge: 13,
        ordinaryAge: 15,
        noun: gap,
        open: gap,
        the: gap,
        The: gap,
        codes: 3,
        percent: gap,
        closed: gap,
        day: gap,
      }))
      .flatMap((values) => formatMessage(language, message, values).split(gap))
      .map((piece) => piece.trim()),
  );
}

/** Shorter texts can be the same word, or a part of a word, in both languages. */
const tellingLength = 12;

/** No text of the other language is on the screen, seen or spoken, and the page says which language it is in. */
export async function expectOneLanguage(page: Page, language: Language): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('lang', language);
  const own = textsIn(language);
  const foreign = new Set(
    textsIn(language === 'da' ? 'en' : 'da').filter(
      (text) => text.length > tellingLength && !own.some((each) => each.includes(text)),
    ),
  );
  const onScreen = await page.evaluate(() =>
    [
      document.body.innerText,
      ...[...document.querySelectorAll('[aria-label]')].map((element) => element.getAttribute('aria-label')),
    ]
      .join(' ')
      .replaceAll(/\s+/g, ' '),
  );
  expect([...foreign].filter((text) => onScreen.includes(text))).toEqual([]);
}

/** After a change of screen, keyboard and speech go on at its heading. */
export async function expectFocusAtTitle(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
}
