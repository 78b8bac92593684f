import { checkRequest, type CheckFault, type CheckRequest } from '../../drivers/emrtd/types.js';
import type { DocumentKind, EventData, KeyFields } from '../api/contract.js';
import type { Clock } from '../clock.js';
import type { CheckEnd, ChipsDevice } from '../devices/types.js';
import { withoutCheckDigit } from './check-digit.js';
import type { ChipCheckRules } from './rules.js';
import { judge } from './verdict.js';

/** Who asked for a check and hears of it; also what a running check belongs to. */
export interface ChipCheckListener {
  progress(progress: EventData<'chipCheck.progress'>): void;
  verdict(verdict: EventData<'chipCheck.verdict'>): void;
}

/** How a check ended, as the devices see it: nothing of what a chip holds. */
export type CheckEndName = Exclude<CheckEnd['kind'], 'stopped'> | CheckFault['kind'];

/** What is worth a line in the log about checks. Nothing of the document is in it. */
export interface ChipCheckLog {
  started(): void;
  ended(how: CheckEndName, elapsedMs: number): void;
  cleared(): void;
}

export interface ChipCheckOptions {
  readonly chips: Pick<ChipsDevice, 'check'>;
  readonly rules: ChipCheckRules;
  /** The business day, YYYY-MM-DD. */
  readonly today: () => string;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: ChipCheckLog;
}

export type StartedCheck =
  | { readonly kind: 'started'; readonly id: string }
  /** Another screen's check is running. */
  | { readonly kind: 'busy' }
  /** What was typed cannot stand in a machine-readable zone. */
  | { readonly kind: 'bad-input' };

/** How long to wait for a document, ms. */
const waitForDocumentMs = 60_000;
/** From the start to a verdict, whatever the devices do, ms. */
const deadlineMs = 6 * 60_000;

interface Running {
  readonly listener: ChipCheckListener;
  readonly abort: AbortController;
}

/** Runs the checks of this kiosk, one at a time, and judges them. Of what was typed nothing is kept once a check has ended. */
export class ChipCheck {
  readonly #options: ChipCheckOptions;
  #running: Running | undefined;

  constructor(options: ChipCheckOptions) {
    this.#options = options;
  }

  /** Starts a check in place of one that the same listener has running. */
  start(document: DocumentKind, key: KeyFields, listener: ChipCheckListener): StartedCheck {
    if (this.#running !== undefined && this.#running.listener !== listener) return { kind: 'busy' };
    const request = checkRequest.safeParse(requestFor(this.#options.newId(), document, key));
    if (!request.success) return { kind: 'bad-input' };
    this.#running?.abort.abort();
    const running: Running = { listener, abort: new AbortController() };
    this.#running = running;
    this.#options.log.started();
    void this.#run(request.data, document, key, running);
    return { kind: 'started', id: request.data.id };
  }

  /** Ends the listener's check without a word more about it. */
  clear(listener: ChipCheckListener): void {
    if (this.#running?.listener !== listener) return;
    this.#running.abort.abort();
    this.#running = undefined;
    this.#options.log.cleared();
  }

  /** Ends whatever runs. */
  stop(): void {
    this.#running?.abort.abort();
    this.#running = undefined;
  }

  async #run(request: CheckRequest, document: DocumentKind, key: KeyFields, running: Running): Promise<void> {
    const { clock, rules, today, log } = this.#options;
    const startedAt = clock.now();
    const end = await this.#check(request, running);
    if (this.#running !== running) return;
    this.#running = undefined;
    const verdict = judge({
      end,
      document,
      birthDate: key.birthDate,
      expiryDate: key.expiryDate,
      today: today(),
      rules,
    });
    log.ended(end.kind === 'stopped' ? end.fault.kind : end.kind, Math.round(clock.now() - startedAt));
    running.listener.verdict({ id: request.id, verdict });
  }

  #check(request: CheckRequest, running: Running): Promise<CheckEnd> {
    const { chips, clock } = this.#options;
    return new Promise((resolve) => {
      const cancelDeadline = clock.after(deadlineMs, () => {
        running.abort.abort();
        resolve({ kind: 'timed-out' });
      });
      const finish = (end: CheckEnd): void => {
        cancelDeadline();
        resolve(end);
      };
      chips
        .check(
          request,
          (progress) => {
            if (this.#running === running) running.listener.progress(progress);
          },
          running.abort.signal,
        )
        // A device's failure is a value; a rejection is a bug in its driver, and the visitor is told that it stopped.
        .then(finish, () => finish({ kind: 'host-lost' }));
    });
  }
}

/** The typed fields as the machine-readable zone has them: YYMMDD, with fillers for what a document does not name (Doc 9303 part 3 section 4.8). */
function requestFor(id: string, document: DocumentKind, key: KeyFields): CheckRequest {
  return {
    id,
    key: {
      // A card's number may well have ten characters of its own.
      documentNumber: document === 'passport' ? withoutCheckDigit(key.documentNumber) : key.documentNumber,
      birthDate: mrzDate(key.birthDate),
      expiryDate: mrzDate(key.expiryDate),
    },
    access: 'auto',
    waitForDocumentMs,
  };
}

function mrzDate(date: string): string {
  const [year = '', month = '', day = ''] = date.split('-');
  const filled = (part: string): string => (part === '00' ? '<<' : part);
  return `${year.slice(-2)}${filled(month)}${filled(day)}`;
}
