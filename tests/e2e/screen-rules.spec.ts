import { expect, test } from '@playwright/test';
import { expectOneLanguage } from './screen-rules.js';
import { languages, textsOf, Visitor } from './visitor.js';

// The rules themselves: they must notice what they are there for.

const otherThan = { da: 'en', en: 'da' } as const;

for (const language of languages) {
  test(`a text of the other language does not go unnoticed: ${language}`, async ({ page }) => {
    const own = textsOf(language).home.neverCodesNote;
    const stranger = new Visitor(page, otherThan[language]);
    const { progress, placing, home, device } = stranger.text;
    const screen = (body: string): Promise<void> =>
      page.setContent(`<!doctype html><html lang="${language}"><body><p>${own}</p>${body}</body></html>`);

    await screen('');
    await expectOneLanguage(page, language);
    for (const foreign of [
      `<p>${own} ${home.neverCodesNote}</p>`,
      `<p>${stranger.say(placing.title, { document: 'passport' })}</p>`,
      `<p>${stranger.say(progress.title, { document: 'identity-card' })}</p>`,
      `<p>${stranger.say(progress.announce, { number: 1, count: 6, step: progress.steps['security-object'] })}</p>`,
      `<div role="img" aria-label="${device.pictures.button}"></div>`,
    ]) {
      await screen(foreign);
      await expect(expectOneLanguage(page, language), foreign).rejects.toThrow();
    }
  });
}
