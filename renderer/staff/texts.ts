import type {
  AuthenticatorKind,
  DeskState,
  DeviceOutcome,
  DeviceReason,
  TicketReason,
} from '../../main/api/contract.js';
import type { DeskMessages } from '../i18n/desk/da.js';
import { textsOf } from '../i18n/desk/desk-languages.js';
import { formatMessage } from '../i18n/format.js';
import { languageOf } from '../i18n/languages.js';

export type StaffTexts = DeskMessages['staff'];
/** Fills a message's parameters. */
export type Say = (message: string, values: Readonly<Record<string, string | number>>) => string;
/** A name in the language on screen. */
export type NameIn = (names: { readonly da: string; readonly en: string }) => string;
/** What a check or a device's test found, in the language on screen. */
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

/** Whether lists and counts say anything: a database that was not heard of yet leaves them empty. */
export function isKnown({ source, lastKnown }: Pick<DeskState, 'source' | 'lastKnown'>): boolean {
  return source === 'ready' || lastKnown !== undefined;
}

/** A service's name as the queue has it, or else its id. */
export function serviceName(queue: Pick<DeskState, 'services'>, nameIn: NameIn, id: string): string {
  const found = queue.services.find((each) => each.id === id);
  return found === undefined ? id : nameIn(found.names);
}

interface TestedDevice {
  readonly device: AuthenticatorKind;
  readonly outcome: DeviceOutcome;
  /** The weightiest first. */
  readonly reasons: readonly DeviceReason[];
}

/** A device, what became of its test, and the weightiest reason: "Code display: replace it (segment dead)". */
export function deviceText({ device, outcome, reasons }: TestedDevice, text: StaffTexts, say: Say): string {
  const named = { device: text.device.kinds[device], outcome: text.device.outcomes[outcome] };
  const [why] = reasons;
  return why === undefined
    ? say(text.device.found, named)
    : say(text.device.foundBecause, { ...named, why: text.device.reasons[why] });
}

/** The other reasons, weightiest first; undefined where there are none. */
export function otherReasons(
  { reasons }: Pick<TestedDevice, 'reasons'>,
  text: StaffTexts,
  say: Say,
): string | undefined {
  const others = reasons.slice(1).map((each) => text.device.reasons[each]);
  return others.length === 0 ? undefined : say(text.bench.display.also, { reasons: others.join('; ') });
}

/** What a ticket's reason says, `code`: BCP 47. */
export function reasonText(reason: TicketReason, code: string): string {
  const text = textsOf(code).staff;
  const say: Say = (message, values) => formatMessage(code, message, values);
  switch (reason.kind) {
    case 'chip-check':
      return reason.reason === undefined
        ? text.reason[reason.outcome]
        : say(text.reason.because, {
            outcome: text.reason[reason.outcome],
            why: languageOf(code).messages.reasons[reason.reason].what,
          });
    case 'device':
      return deviceText(
        { ...reason, reasons: reason.reason === undefined ? [] : [reason.reason] },
        text,
        say,
      );
  }
}
