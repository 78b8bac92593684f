import { z } from 'zod';
import { lastKnown, names, queueName, queueSource, ticketLabel } from './queue.js';

/** What hangs in the lobby for all to see: numbers and counters, nothing else. */
export const boardState = z.strictObject({
  placeName: z.string().max(80),
  /** Local time at the lobby, HH:MM, when it was so. */
  time: z.string(),
  /** Now called or served, the last called first. */
  serving: z.array(
    z.strictObject({
      label: ticketLabel,
      counter: queueName,
      counterNames: names,
      /** Whether it still has to come. */
      called: z.boolean(),
      /** When it was last called, ms since 1970. */
      calledAt: z.int(),
    }),
  ),
  /** Today's calls, the last first, 12 at most. `call` grows with each of them: a board tells by it what is new. */
  calls: z.array(
    z.strictObject({
      call: z.int(),
      label: ticketLabel,
      counter: queueName,
      counterNames: names,
      /** How long ago it was when this was sent, ms. */
      agoMs: z.int().min(0),
    }),
  ),
  /** Now waiting, by service. */
  services: z.array(z.strictObject({ id: queueName, names, waiting: z.int() })),
  /** Whether main can speak a call: then it is at `/speech/LANGUAGE/LABEL/COUNTER.wav`. */
  speech: z.boolean(),
  source: queueSource,
  lastKnown,
});
export type BoardState = z.infer<typeof boardState>;
