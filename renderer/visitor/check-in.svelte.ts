import type {
  CheckInResult,
  Input,
  Language,
  TakeNumberResult,
  TicketReason,
  VisitorTicket,
} from '../../main/api/contract.js';
import type { Api, CallError } from '../api.js';

/** Why no ticket was given. `lost`: the answer never came, so a number may have been given all the same. */
export type Refusal =
  | Exclude<CheckInResult | TakeNumberResult, { readonly kind: 'ticket' }>
  | { readonly kind: 'lost' }
  | { readonly kind: 'failed' };

export type CheckInScreen =
  | { readonly kind: 'booked' }
  | { readonly kind: 'booking-code' }
  | { readonly kind: 'booking-service' }
  | { readonly kind: 'booking-hour' }
  | { readonly kind: 'booking-minute' }
  | { readonly kind: 'services' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'ticket'; readonly ticket: VisitorTicket; readonly received: boolean | undefined }
  | { readonly kind: 'refusal'; readonly refusal: Refusal };

export const shortestCode = 4;
const longestCode = 16;

function refusalOf(error: CallError): Refusal {
  switch (error.kind) {
    case 'unreachable':
      return { kind: 'lost' };
    case 'queue-off':
      return { kind: 'away' };
    case 'bad-input':
    case 'unknown-method':
    case 'not-allowed':
    case 'busy':
    case 'demo-only':
    case 'internal':
      return { kind: 'failed' };
  }
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** The errand of a person who wants a number, from the first question to the ticket on screen. */
export class CheckIn {
  readonly #api: Api;
  readonly #stop: () => void;
  #trail = $state.raw<readonly CheckInScreen[]>([]);
  #code = $state('');
  #service = '';
  #hour = 0;
  #heard: VisitorTicket | undefined;

  constructor(api: Api) {
    this.#api = api;
    this.#stop = api.on('queue.ticket', (ticket) => this.#hear(ticket));
  }

  /** Undefined while the person is about something else. */
  get screen(): CheckInScreen | undefined {
    return this.#trail.at(-1);
  }

  get code(): string {
    return this.#code;
  }

  /** `appointments`: whether booked appointments can be checked in here. */
  begin(appointments: boolean): void {
    this.#trail = [{ kind: appointments ? 'booked' : 'services' }];
  }

  answerBooked(booked: boolean): void {
    this.#show({ kind: booked ? 'booking-code' : 'services' });
  }

  /** Takes what a keypad, a keyboard or a scanner types: signs between the letters and digits are left out. */
  setCode(typed: string): void {
    this.#code = typed
      .toUpperCase()
      .replace(/[^A-Z0-9]/g, '')
      .slice(0, longestCode);
  }

  withoutCode(): void {
    this.#show({ kind: 'booking-service' });
  }

  chooseBookedService(service: string): void {
    this.#service = service;
    this.#show({ kind: 'booking-hour' });
  }

  chooseHour(hour: number): void {
    this.#hour = hour;
    this.#show({ kind: 'booking-minute' });
  }

  async checkInAt(minute: number, language: Language): Promise<void> {
    const time = `${twoDigits(this.#hour)}:${twoDigits(minute)}`;
    await this.#checkIn({ by: 'time', service: this.#service, time }, language);
  }

  async checkInByCode(language: Language): Promise<void> {
    await this.#checkIn({ by: 'code', code: this.#code }, language);
  }

  async takeNumber(service: string, language: Language, reason?: TicketReason): Promise<void> {
    if (this.screen?.kind === 'sending') return;
    this.#send();
    const answer = await this.#api.call('queue.takeNumber', {
      service,
      language,
      ...(reason === undefined ? {} : { reason }),
    });
    this.#take(answer.ok ? answer.value : refusalOf(answer.error));
  }

  /** The answer to "Did you get your ticket?". */
  received(received: boolean): void {
    const { screen } = this;
    if (screen?.kind !== 'ticket' || screen.received !== undefined) return;
    this.#replace({ ...screen, received });
    void this.#api.call('queue.received', { ticket: screen.ticket.id, received });
  }

  printAgain(): void {
    const { screen } = this;
    if (screen?.kind !== 'ticket') return;
    this.#replace({
      kind: 'ticket',
      ticket: { ...screen.ticket, print: { kind: 'printing' } },
      received: undefined,
    });
    void this.#api.call('queue.printAgain', { ticket: screen.ticket.id });
  }

  /** Back to the question that a refusal can be answered at. */
  enterCode(): void {
    this.#trail = [{ kind: 'booked' }, { kind: 'booking-code' }];
  }

  chooseService(): void {
    this.#trail = [{ kind: 'services' }];
  }

  back(): void {
    const { screen } = this;
    // A number that is on its way, or given, cannot be gone back from.
    if (screen === undefined || screen.kind === 'sending' || screen.kind === 'ticket') return;
    this.#trail = this.#trail.slice(0, -1);
    if (screen.kind === 'booking-code') this.#code = '';
  }

  end(): void {
    this.#stop();
    if (this.screen?.kind === 'ticket' || this.screen?.kind === 'sending') {
      void this.#api.call('queue.leave', {});
    }
    this.#trail = [];
    this.#code = '';
  }

  async #checkIn(appointment: Input<'queue.checkIn'>['appointment'], language: Language): Promise<void> {
    if (this.screen?.kind === 'sending') return;
    this.#send();
    const answer = await this.#api.call('queue.checkIn', { appointment, language });
    this.#take(answer.ok ? answer.value : refusalOf(answer.error));
  }

  #send(): void {
    this.#heard = undefined;
    this.#show({ kind: 'sending' });
  }

  #take(result: CheckInResult | TakeNumberResult | Refusal): void {
    // The visit was ended before the answer came.
    if (this.screen?.kind !== 'sending') {
      if (result.kind === 'ticket') void this.#api.call('queue.leave', {});
      return;
    }
    if (result.kind === 'ticket') {
      const heard = this.#heard;
      const ticket = heard?.id === result.ticket.id ? heard : result.ticket;
      this.#replace({ kind: 'ticket', ticket, received: undefined });
      this.#code = '';
      return;
    }
    this.#replace({ kind: 'refusal', refusal: result });
  }

  #hear(ticket: VisitorTicket): void {
    const { screen } = this;
    if (screen?.kind === 'sending') this.#heard = ticket;
    if (screen?.kind !== 'ticket' || screen.ticket.id !== ticket.id) return;
    this.#replace({ ...screen, ticket });
  }

  #show(screen: CheckInScreen): void {
    this.#trail = [...this.#trail, screen];
  }

  #replace(screen: CheckInScreen): void {
    this.#trail = [...this.#trail.slice(0, -1), screen];
  }
}
