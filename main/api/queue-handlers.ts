import { done, type Handlers, type Screen } from './router.js';
import type { DeskResult, PrintProgress } from './contract.js';
import type { Clock } from '../clock.js';
import type { PrinterDevice } from '../devices/types.js';
import { words } from '../i18n/languages.js';
import { localDayOf } from '../queue/local-time.js';
import { ticketPaper } from '../queue/ticket-paper.js';
import { printerStateOf, type PrintResult, type TicketPrinting } from '../queue/ticket-printing.js';
import type { Desk, Queue } from '../queue/types.js';
import type { LiveQueue } from './live-queue.js';
import type { VisitorTickets } from './visitor-tickets.js';

export interface QueueHandlersOptions {
  readonly queue: Queue;
  readonly live: LiveQueue;
  readonly tickets: VisitorTickets;
  readonly printing: TicketPrinting;
  readonly printer: Pick<PrinterDevice, 'state'>;
  readonly placeName: string;
  readonly sessionOf: (screen: Screen) => string | undefined;
  readonly clock: Pick<Clock, 'after' | 'date'>;
}

/** A desk waits so long for a reprint's end; a printer that takes longer shows it in the desk's list, ms. */
const reprintAnswerMs = 5000;

type QueueMethod = Extract<keyof Handlers, `queue.${string}` | `desk.${string}` | 'board.state'>;
export type QueueHandlers = Pick<Handlers, QueueMethod>;

const noCounter: DeskResult = { kind: 'no-counter' };

/** What answers the queue's methods: visitors', desks' and boards'. */
export function queueHandlers(options: QueueHandlersOptions): QueueHandlers {
  const { queue, live, tickets, printing, printer, placeName, sessionOf, clock } = options;
  const printerState = (): ReturnType<typeof printerStateOf> => printerStateOf(printer.state.status);

  /** An action of the screen's own counter. */
  async function atDesk(screen: Screen, act: (desk: Desk) => Promise<DeskResult>) {
    const desk = live.deskOf(screen);
    return done(desk === undefined ? noCounter : await act(desk));
  }

  async function reprint(id: string): Promise<DeskResult> {
    const ticket = await queue.ticket(id);
    if (ticket === undefined) return { kind: 'unknown-ticket' };
    const state = await queue.deskState(undefined);
    const language =
      [...state.papers, ...state.waiting, ...state.early, ...state.parked, ...state.elsewhere].find(
        (each) => each.id === id,
      )?.language ?? 'da';
    const printed = printing.print(id, (copy) =>
      Promise.resolve(
        ticketPaper(ticket, {
          words: words[language],
          placeName,
          day: localDayOf(clock.date().getTime()),
          demo: printer.state.demo,
          copy,
        }),
      ),
    );
    const end = await orStill(printed);
    switch (end.kind) {
      case 'printing':
      case 'printed':
      case 'unknown':
        return { kind: 'ok' };
      case 'not-printed':
        return { kind: 'not-printed', why: end.why };
    }
  }

  function orStill(printed: Promise<PrintResult>): Promise<PrintProgress> {
    return new Promise((resolve, reject) => {
      const callOff = clock.after(reprintAnswerMs, () => resolve({ kind: 'printing' }));
      printed.finally(callOff).then(resolve, reject);
    });
  }

  return {
    'queue.offer': async () => done({ ...(await queue.offer()), printer: printerState() }),
    'queue.takeNumber': async (input, screen) =>
      done(
        tickets.allows(screen, 'ticket')
          ? tickets.taken(await queue.takeNumber(input), input.language, screen)
          : { kind: 'too-many' as const },
      ),
    'queue.checkIn': async (input, screen) =>
      done(
        tickets.allows(screen, 'try')
          ? tickets.taken(await queue.checkIn(input), input.language, screen)
          : { kind: 'too-many' as const },
      ),
    'queue.received': async ({ ticket, received }, screen) => {
      await tickets.received(screen, ticket, received);
      return done({});
    },
    'queue.printAgain': ({ ticket }, screen) => {
      tickets.printAgain(screen, ticket);
      return done({});
    },
    'queue.leave': (_input, screen) => {
      tickets.left(screen);
      return done({});
    },

    'board.state': async () => done(await queue.board()),

    'desk.open': async ({ counter }, screen) => {
      const session = sessionOf(screen);
      if (session === undefined) return done(noCounter);
      const before = live.deskOf(screen);
      const opened = await queue.openDesk({ counter, session });
      // Whoever finds the other counter taken is still at their own.
      if (opened.kind === 'ok') {
        if (before !== undefined && before.counter !== counter) await queue.closeDesk(before);
        live.setDesk(session, counter);
      } else if (before?.counter === counter) {
        live.setDesk(session, undefined);
      }
      live.changed();
      return done(opened);
    },
    'desk.close': async (_input, screen) =>
      atDesk(screen, async (desk) => {
        live.setDesk(desk.session, undefined);
        return queue.closeDesk(desk);
      }),
    'desk.state': async (_input, screen) =>
      done({ ...(await queue.deskState(live.deskOf(screen))), printer: printerState() }),
    'desk.callNext': (_input, screen) => atDesk(screen, (desk) => queue.callNext(desk)),
    'desk.call': ({ label, passOver }, screen) => atDesk(screen, (desk) => queue.call(desk, label, passOver)),
    'desk.recall': (_input, screen) => atDesk(screen, (desk) => queue.recall(desk)),
    'desk.serve': (_input, screen) => atDesk(screen, (desk) => queue.serve(desk)),
    'desk.done': (_input, screen) => atDesk(screen, (desk) => queue.finish(desk, 'done')),
    'desk.noShow': (_input, screen) => atDesk(screen, (desk) => queue.finish(desk, 'no-show')),
    'desk.park': (_input, screen) => atDesk(screen, (desk) => queue.finish(desk, 'parked')),
    'desk.transfer': ({ service }, screen) => atDesk(screen, (desk) => queue.transfer(desk, service)),
    'desk.cancel': async ({ ticket }) => done(await queue.cancel(ticket)),
    'desk.reprint': async ({ ticket }) => done(await reprint(ticket)),
    'desk.settlePaper': async ({ ticket }) =>
      done((await queue.papers.settle(ticket)) ? { kind: 'ok' } : { kind: 'not-possible' }),
    'desk.setService': async ({ service, paused }) => done(await queue.setPaused(service, paused)),
    'desk.appointments': async ({ day }) => done(await queue.appointments(day)),
    'desk.addAppointment': async (input) => done(await queue.addAppointment(input)),
    'desk.cancelAppointment': async ({ id }) => done(await queue.cancelAppointment(id)),
    'desk.importAppointments': async ({ format, text }) => done(await queue.importAppointments(format, text)),
    'desk.statistics': async ({ day }) => done(await queue.statistics(day)),
  };
}
