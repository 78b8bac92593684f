import { LiveQueue } from './api/live-queue.js';
import { queueHandlers, type QueueHandlers } from './api/queue-handlers.js';
import { refuse, type Screen } from './api/router.js';
import { VisitorTickets } from './api/visitor-tickets.js';
import type { Clock } from './clock.js';
import type { PrinterDevice } from './devices/types.js';
import { TicketPrinting } from './queue/ticket-printing.js';
import type { Queue } from './queue/types.js';

export interface KioskQueueOptions {
  readonly queue: Queue;
  readonly printer: PrinterDevice;
  readonly placeName: string;
  readonly sessionOf: (screen: Screen) => string | undefined;
  readonly clock: Clock;
  /** What a crash left unfinished was found and ended: so many papers. */
  readonly onRecovered: (papers: number) => void;
}

/** The queue with its printer and its screens. */
export interface KioskQueue {
  readonly handlers: QueueHandlers;
  readonly live: LiveQueue;
  stop(): Promise<void>;
}

/** Puts together what the queue's screens need. What an earlier run left unfinished on paper is ended first. */
export async function startKioskQueue(options: KioskQueueOptions): Promise<KioskQueue> {
  const { queue, printer, placeName, sessionOf, clock, onRecovered } = options;
  const printing = new TicketPrinting({ printer, papers: queue.papers, clock, onRecovered });
  await printing.recover();
  const tickets = new VisitorTickets({ queue, printing, printer, placeName, clock });
  const live = new LiveQueue({ queue, printer, tickets, sessionOf, clock });
  const unsubscribe = printer.subscribe(() => live.changed());
  return {
    handlers: queueHandlers({ queue, live, tickets, printing, printer, placeName, sessionOf, clock }),
    live,
    stop: async () => {
      unsubscribe();
      live.stop();
      await printing.stop();
      await queue.stop();
    },
  };
}

/** The answers of a kiosk that has no queue. */
export function withoutQueue(): QueueHandlers {
  const off = (): ReturnType<typeof refuse> => refuse('queue-off');
  return {
    'queue.offer': off,
    'queue.takeNumber': off,
    'queue.checkIn': off,
    'queue.received': off,
    'queue.printAgain': off,
    'queue.leave': off,
    'board.state': off,
    'desk.open': off,
    'desk.close': off,
    'desk.state': off,
    'desk.callNext': off,
    'desk.call': off,
    'desk.recall': off,
    'desk.serve': off,
    'desk.done': off,
    'desk.noShow': off,
    'desk.park': off,
    'desk.transfer': off,
    'desk.cancel': off,
    'desk.reprint': off,
    'desk.settlePaper': off,
    'desk.setService': off,
    'desk.appointments': off,
    'desk.addAppointment': off,
    'desk.cancelAppointment': off,
    'desk.importAppointments': off,
    'desk.statistics': off,
  };
}
