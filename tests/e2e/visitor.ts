import { expect, type Locator, type Page } from '@playwright/test';
import type { DemoSpecimen, Language } from '../../main/api/contract.js';
import { demoSpecimens } from '../../drivers/simulated/chip/types.js';
import da, { type Messages } from '../../renderer/i18n/da.js';
import en from '../../renderer/i18n/en.js';
import { formatMessage, monthName } from '../../renderer/i18n/format.js';

export const languages = ['da', 'en'] as const satisfies readonly Language[];

export const screens = {
  portrait: { width: 1080, height: 1920 },
  landscape: { width: 1920, height: 1080 },
  small: { width: 1280, height: 800 },
} as const;
export type ScreenSize = keyof typeof screens;

export const textsOf = (language: Language): Messages => (language === 'da' ? da : en).messages;

type Document = DemoSpecimen['document'];
type Fault = keyof Messages['demo']['faults'];

/** A person at the kiosk, who touches what is written on the screen. */
export class Visitor {
  readonly page: Page;
  readonly language: Language;
  readonly text: Messages;

  constructor(page: Page, language: Language) {
    this.page = page;
    this.language = language;
    this.text = textsOf(language);
  }

  say(message: string, values: Readonly<Record<string, string | number>>): string {
    return formatMessage(this.language, message, values);
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  get title(): Locator {
    return this.page.getByRole('heading', { level: 1 });
  }

  async touch(name: string): Promise<void> {
    await this.button(name).click();
  }

  async seesTitle(title: string): Promise<void> {
    await expect(this.title).toHaveText(title);
  }

  /** Home, in this visitor's language. */
  async arrive(address: string): Promise<void> {
    await this.page.goto(address);
    const own = this.language === 'da' ? da.name : en.name;
    await expect(this.title).toBeVisible();
    if (await this.button(own).isVisible()) await this.touch(own);
    await this.seesTitle(this.text.queue.welcome);
  }

  async typeOnKeypad(characters: string): Promise<void> {
    for (const character of characters) await this.touch(character);
  }

  /** Enters a date, YYYY-MM-DD, on its three screens; `onScreen` is told of each when it has been answered. */
  async enterDate(date: string, onScreen: (part: string) => Promise<void> = async () => {}): Promise<void> {
    const [year = '', month = '', day = ''] = date.split('-');
    await this.typeOnKeypad(year);
    await onScreen('year');
    await this.touch(this.text.frame.continue);
    await this.touch(monthName(this.language, Number(month)));
    await onScreen('month');
    await this.touch(this.text.frame.continue);
    await this.touch(String(Number(day)));
    await onScreen('day');
    await this.touch(this.text.frame.continue);
  }

  /** From home to the overview of what was typed. */
  async enterKey(
    document: Document,
    onScreen: (name: string) => Promise<void> = async () => {},
  ): Promise<void> {
    const specimen = demoSpecimens[document];
    await this.touch(this.text.home.action);
    await this.seesTitle(this.text.documentKind.title);
    await onScreen('document-kind');
    const kinds = this.text.documentKind;
    await this.page
      .getByRole('button', { name: specimen.kind === 'passport' ? kinds.passport : kinds.identityCard })
      .click();
    await this.typeOnKeypad(specimen.documentNumber);
    await onScreen('document-number');
    await this.touch(this.text.frame.continue);
    await this.enterDate(specimen.birthDate, (part) => onScreen(`birth-${part}`));
    await this.enterDate(specimen.expiryDate, (part) => onScreen(`expiry-${part}`));
    await this.seesTitle(this.text.review.title);
    await onScreen('review');
  }

  /** Puts a document on the demo reader. */
  async place(document: Document, fault: Fault = 'none'): Promise<void> {
    await this.touch(this.text.demo.open);
    await this.page.getByRole('radio', { name: this.text.demo.documents[document], exact: true }).check();
    await this.page
      .getByRole('group', { name: this.text.demo.fault, exact: true })
      .getByRole('radio', { name: this.text.demo.faults[fault], exact: true })
      .check();
    await this.touch(this.text.demo.place);
    await expect(this.page.getByRole('dialog')).toBeHidden();
  }

  /** Takes off what is on the demo reader, so that the next check begins with an empty one. */
  async takeOff(): Promise<void> {
    await this.touch(this.text.demo.open);
    await this.touch(this.text.demo.remove);
    await expect(this.page.getByText(this.text.demo.absent)).toBeVisible();
    await this.touch(this.text.frame.close);
  }

  /** Lets the demo bench type, for tests that are about what comes after. */
  async fillIn(document: Document): Promise<void> {
    await this.touch(this.text.demo.open);
    await this.page.getByRole('radio', { name: this.text.demo.documents[document], exact: true }).check();
    await this.touch(this.text.demo.fill);
    await this.seesTitle(this.text.review.title);
  }

  async waitForVerdict(): Promise<void> {
    const headings = Object.values(this.text.verdict.reasons).map((name) =>
      this.page.getByRole('heading', { name, exact: true }),
    );
    await expect(headings.reduce((any, heading) => any.or(heading))).toBeVisible({ timeout: 60_000 });
  }
}
