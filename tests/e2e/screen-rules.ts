import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import type { Language } from '../../main/api/contract.js';
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

function plainTexts(messages: object): string[] {
  return Object.values(messages).flatMap((value: unknown) =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? plainTexts(value)
        : [],
  );
}

/** No text of the other language is on the screen, and the page says which language it is in. */
export async function expectOneLanguage(page: Page, language: Language): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('lang', language);
  const own = new Set(plainTexts(textsOf(language)));
  const foreign = plainTexts(textsOf(language === 'da' ? 'en' : 'da')).filter(
    (text) => !own.has(text) && !text.includes('{') && text !== '',
  );
  const lines = await page.evaluate(() =>
    document.body.innerText
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  );
  const mixed = lines.filter((line) => foreign.includes(line));
  expect(mixed).toEqual([]);
}

/** After a change of screen, keyboard and speech go on at its heading. */
export async function expectFocusAtTitle(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
}
