import { fromHex } from '../shared/bytes.js';
import { err, ok, type Result } from '../shared/result.js';
import { performBac } from './bac.js';
import { choosePace, parseCardAccess, type PaceChoice } from './card-access.js';
import type { CommandChannel, CommandFault } from './command-channel.js';
import { elementaryFiles, readFile } from './files.js';
import { performPace, type PacePassword } from './pace.js';
import type { RandomBytes } from './random.js';
import { ReadLimits } from './read-limits.js';
import { SecureMessaging } from './secure-messaging.js';
import type { AccessFact, CheckRequest, FileFact } from './types.js';

export type AccessFault =
  | CommandFault
  | { readonly kind: 'not-a-travel-document' }
  /** `certain`: the status leaves no doubt; otherwise chips that do PACE only answer a BAC in the same way. */
  | { readonly kind: 'wrong-key'; readonly certain: boolean }
  | { readonly kind: 'unsupported-access' }
  /** A protocol that the chip offers did not come to its end. */
  | { readonly kind: 'access-failed'; readonly status: number | undefined };

/** The chip, open for reading. */
export interface OpenChip {
  readonly channel: SecureMessaging;
  readonly fact: AccessFact;
}

/** What EF.CardAccess said, if it could be read at all. */
interface CardAccess {
  readonly fact: FileFact;
  readonly choice: PaceChoice | undefined;
}

/** Doc 9303 part 10 section 3.3.1. */
const applicationId = fromHex('A0000002471001');

/** No Le: chips exist that refuse a SELECT which asks for file control information. */
function selectApplication(channel: CommandChannel) {
  return channel.send({ cla: 0, ins: 0xa4, p1: 0x04, p2: 0x0c, data: applicationId });
}

/**
 * Goes to the master file. The answer does not matter: chips that refuse this (6985, 6A86, 6A87) are there already, or
 * show EF.CardAccess all the same.
 */
async function selectMasterFile(channel: CommandChannel): Promise<Result<undefined, CommandFault>> {
  const selected = await channel.send({ cla: 0, ins: 0xa4, p1: 0, p2: 0x0c, data: fromHex('3F00') });
  return selected.ok ? ok(undefined) : selected;
}

async function readCardAccess(
  channel: CommandChannel,
  by: 'short-id' | 'select',
): Promise<Result<CardAccess, CommandFault>> {
  const { cardAccess } = elementaryFiles;
  const reading = await readFile(channel, cardAccess, new ReadLimits(false), {
    by,
    onProgress: () => undefined,
  });
  if (!reading.ok) return reading;
  const { value } = reading;
  if (value.outcome !== 'read') {
    return ok({ fact: { file: cardAccess.name, outcome: value.outcome, bytes: 0 }, choice: undefined });
  }
  const infos = parseCardAccess(value.bytes);
  return ok({
    fact: {
      file: cardAccess.name,
      outcome: infos === undefined ? 'damaged' : 'read',
      bytes: value.bytes.length,
    },
    choice: infos === undefined ? undefined : choosePace(infos),
  });
}

/** Whether the document may still be one that opens by PACE alone. */
function mayNeedPace(fault: AccessFault): boolean {
  switch (fault.kind) {
    case 'not-a-travel-document':
    case 'unsupported-access':
      return true;
    case 'wrong-key':
      return !fault.certain;
    case 'access-failed':
    case 'card-removed':
    case 'card-silent':
    case 'reader-removed':
    case 'service-lost':
    case 'cancelled':
    case 'session-over':
    case 'broken-response':
      return false;
  }
}

/** Security status or conditions of use: the application is there and asks for PACE first. */
const asksForPace = (status: number): boolean => status === 0x6982 || status === 0x6985;

type AccessRequest = Pick<CheckRequest, 'access' | 'key' | 'can'>;

/** Opens one chip by access control, and opens it again when secure messaging was lost. */
export class ChipAccess {
  readonly #channel: CommandChannel;
  readonly #request: AccessRequest;
  readonly #random: RandomBytes;
  #cardAccess: CardAccess | undefined;
  #openedBefore = false;

  constructor(channel: CommandChannel, request: AccessRequest, random: RandomBytes) {
    this.#channel = channel;
    this.#request = request;
    this.#random = random;
  }

  /** What was found out about EF.CardAccess; `undefined` when the request does without. */
  get cardAccessFact(): FileFact | undefined {
    return this.#cardAccess?.fact;
  }

  /** Asks the chip, fresh from its reset, which ways of PACE it offers: one command and no SELECT. */
  async discover(): Promise<Result<undefined, CommandFault>> {
    if (this.#request.access === 'bac') return ok(undefined);
    const found = await readCardAccess(this.#channel, 'short-id');
    if (!found.ok) return found;
    this.#cardAccess = found.value;
    return ok(undefined);
  }

  /**
   * PACE where the chip offers a way that this program knows; BAC otherwise, and when PACE fails for another reason
   * than the key. Doc 9303 part 11 section 4.2.
   * @param onProgress called with the part that is done, from 0 to 1
   */
  async open(onProgress: (fraction: number) => void): Promise<Result<OpenChip, AccessFault>> {
    const choice = this.#cardAccess?.choice;
    if (choice === undefined) return this.#openWithoutOffer(onProgress);
    if (this.#openedBefore) {
      // A lost session leaves the application selected; PACE belongs to the master file.
      const selected = await selectMasterFile(this.#channel);
      if (!selected.ok) return selected;
    }
    const opened = await this.#openByPace(choice, onProgress);
    if (opened.ok || opened.error.kind !== 'access-failed' || this.#request.access === 'pace') return opened;
    const fallback = await this.#openByBac(true);
    if (fallback.ok || fallback.error.kind === 'wrong-key') return fallback;
    // What stopped PACE says more than that BAC is not there either.
    return mayNeedPace(fallback.error) ? opened : fallback;
  }

  /** BAC; and before giving up a second look for EF.CardAccess, which some chips show in a selected master file only. */
  async #openWithoutOffer(onProgress: (fraction: number) => void): Promise<Result<OpenChip, AccessFault>> {
    const { access } = this.#request;
    const first = access === 'pace' ? await this.#explainMissingOffer() : await this.#openByBac(false);
    if (first.ok || access === 'bac' || !mayNeedPace(first.error)) return first;
    // A file that offers ways of PACE, if only unknown ones, is a travel document's.
    if (this.#cardAccess?.fact.outcome === 'read') {
      return first.error.kind === 'wrong-key' ? first : err({ kind: 'unsupported-access' });
    }
    const selected = await selectMasterFile(this.#channel);
    if (!selected.ok) return selected;
    const found = await readCardAccess(this.#channel, 'select');
    if (!found.ok) return found;
    if (found.value.fact.outcome !== 'read') return first;
    this.#cardAccess = found.value;
    const { choice } = found.value;
    return choice === undefined ? err({ kind: 'unsupported-access' }) : this.#openByPace(choice, onProgress);
  }

  async #openByPace(
    choice: PaceChoice,
    onProgress: (fraction: number) => void,
  ): Promise<Result<OpenChip, AccessFault>> {
    const { key, can } = this.#request;
    const password: PacePassword = can === undefined ? { kind: 'mrz', key } : { kind: 'can', can };
    const session = await performPace(this.#channel, choice, password, this.#random, onProgress);
    if (!session.ok) {
      const { error } = session;
      if (error.kind === 'wrong-key') return err({ kind: 'wrong-key', certain: true });
      return err(error.kind === 'pace-failed' ? { kind: 'access-failed', status: error.status } : error);
    }
    const channel = new SecureMessaging(this.#channel, session.value);
    const selected = await selectApplication(channel);
    if (!selected.ok) return selected;
    if (selected.value.sw !== 0x9000) {
      channel.close();
      return err({ kind: 'not-a-travel-document' });
    }
    const { info, curve } = choice;
    this.#openedBefore = true;
    return ok({
      channel,
      fact: {
        protocol: 'pace',
        mapping: 'generic',
        keyAgreement: 'ecdh',
        cipher: info.cipher,
        curve: curve.name,
        password: password.kind,
      },
    });
  }

  async #openByBac(afterPaceFailed: boolean): Promise<Result<OpenChip, AccessFault>> {
    const selected = await selectApplication(this.#channel);
    if (!selected.ok) return selected;
    const { sw } = selected.value;
    if (sw !== 0x9000) {
      return err({ kind: asksForPace(sw) ? 'unsupported-access' : 'not-a-travel-document' });
    }
    const session = await performBac(this.#channel, this.#request.key, this.#random);
    if (!session.ok) {
      const { error } = session;
      if (error.kind === 'key-refused') return err({ kind: 'wrong-key', certain: error.certain });
      return err(error.kind === 'not-offered' ? { kind: 'unsupported-access' } : error);
    }
    this.#openedBefore = true;
    return ok({
      channel: new SecureMessaging(this.#channel, session.value),
      fact: { protocol: 'bac', cipher: '3des', afterPaceFailed },
    });
  }

  /** Why there is no way by PACE: it is another kind of chip, or a travel document without it. */
  async #explainMissingOffer(): Promise<Result<OpenChip, AccessFault>> {
    const selected = await selectApplication(this.#channel);
    if (!selected.ok) return selected;
    const { sw } = selected.value;
    const there = sw === 0x9000 || asksForPace(sw);
    return err({ kind: there ? 'unsupported-access' : 'not-a-travel-document' });
  }
}
