import type { DeskState, TicketReason } from '../../main/api/contract.js';
import type { DeskMessages } from '../i18n/desk/da.js';

export type StaffTexts = DeskMessages['staff'];
/** Fills a message's parameters. */
export type Say = (message: string, values: Readonly<Record<string, string | number>>) => string;
/** A name in the language on screen. */
export type NameIn = (names: { readonly da: string; readonly en: string }) => string;
/** What a chip check found, in the language on screen. */
export type Found = (reason: TicketReason) => string;

/** What is asked before something that one touch must not do. */
export interface Question {
  readonly title: string;
  readonly note: string;
  readonly yes: string;
  /** Whether there is still something to ask about: another desk can have been faster. */
  readonly stands: () => boolean;
  readonly go: () => void;
}
export type Ask = (question: Question) => void;

/** A service's name as the queue has it, or else its id. */
export function serviceName(queue: Pick<DeskState, 'services'>, nameIn: NameIn, id: string): string {
  const found = queue.services.find((each) => each.id === id);
  return found === undefined ? id : nameIn(found.names);
}
