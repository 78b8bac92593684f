import { wipe } from '../shared/bytes.js';
import type { CardChannel } from '../shared/card-channel.js';
import { ok, type Result } from '../shared/result.js';
import { ChipAccess, type AccessFault } from './access.js';
import { takesExtendedLength } from './card-capabilities.js';
import { ChipSession } from './chip-session.js';
import { openClearChannel } from './command-channel.js';
import { examineDetails } from './details.js';
import { elementaryFiles, type ElementaryFile } from './files.js';
import { meterChannel } from './metered-channel.js';
import { verifySecurityObject, type Issuers } from './passive-authentication/index.js';
import { examinePhoto } from './photo.js';
import { systemRandom, type RandomBytes } from './random.js';
import { ReadLimits } from './read-limits.js';
import type {
  CheckFault,
  CheckOutcome,
  CheckRequest,
  CheckStep,
  ChipFacts,
  FileFact,
  SecurityObjectFact,
} from './types.js';

export interface CheckOptions {
  /** Issuers to trust; without them the issuer is not checked. */
  readonly issuers?: Issuers | undefined;
  /** Called at each command, with the part of the step that is done, from 0 to 1; it never goes back. */
  readonly onProgress: (step: CheckStep, fraction: number) => void;
  /** Ends the check before the next command, with the fault `cancelled`. */
  readonly signal: AbortSignal;
  /** A monotonic clock, ms. */
  readonly now: () => number;
  /** For replaying worked examples; the system's randomness when left out. */
  readonly random?: RandomBytes;
}

function statusText(status: number | undefined): { status?: string } {
  return status === undefined ? {} : { status: status.toString(16).padStart(4, '0').toUpperCase() };
}

function toCheckFault(fault: AccessFault): CheckFault {
  switch (fault.kind) {
    case 'card-removed':
    case 'card-silent':
    case 'reader-removed':
    case 'cancelled':
    case 'not-a-travel-document':
    case 'unsupported-access':
      return { kind: fault.kind };
    case 'wrong-key':
      return { kind: 'wrong-key' };
    case 'service-lost':
      return { kind: 'service-unavailable' };
    case 'session-over':
    case 'access-failed':
      return { kind: 'protocol-error', ...statusText(fault.status) };
    case 'broken-response':
      return { kind: 'protocol-error' };
  }
}

const furtherDataGroups = { 14: elementaryFiles.dg14, 15: elementaryFiles.dg15 } as const;

type Facts = Omit<ChipFacts, 'cost'>;

/** One check from the first command to the facts. Holds the visitor's data while it runs, and wipes it. */
class Check {
  readonly #access: ChipAccess;
  readonly #limits: ReadLimits;
  readonly #request: CheckRequest;
  readonly #options: CheckOptions;
  readonly #files: FileFact[] = [];
  /** Everything read, to be wiped. */
  readonly #contents: Uint8Array[] = [];
  readonly #dataGroups = new Map<number, Uint8Array>();
  #session: ChipSession | undefined;
  #step: CheckStep = 'connect';
  #fraction = 0;

  constructor(access: ChipAccess, limits: ReadLimits, request: CheckRequest, options: CheckOptions) {
    this.#access = access;
    this.#limits = limits;
    this.#request = request;
    this.#options = options;
  }

  get step(): CheckStep {
    return this.#step;
  }

  async run(): Promise<Result<Facts, AccessFault>> {
    this.#advance('connect', 0);
    const discovered = await this.#access.discover();
    if (!discovered.ok) return discovered;
    this.#advance('connect', 1);

    this.#advance('access', 0);
    const opened = await ChipSession.open(this.#access, this.#limits, (part) =>
      this.#advance('access', part),
    );
    // Opening may have had another look at EF.CardAccess.
    if (this.#access.cardAccessFact !== undefined) this.#files.push(this.#access.cardAccessFact);
    if (!opened.ok) return opened;
    const session = opened.value;
    this.#session = session;
    this.#advance('access', 1);

    const securityObject = await this.#read(session, elementaryFiles.securityObject, 'security-object');
    if (!securityObject.ok) return securityObject;
    const dg1 = await this.#readDataGroup(session, 1, elementaryFiles.dg1, 'details');
    if (!dg1.ok) return dg1;
    const dg2 = await this.#readDataGroup(session, 2, elementaryFiles.dg2, 'photo');
    if (!dg2.ok) return dg2;

    this.#advance('verify', 0);
    const listed = securityObject.value === undefined ? [] : listedDataGroups(securityObject.value);
    for (const number of [14, 15] as const) {
      if (!this.#request.dataGroups?.includes(number) || !listed.includes(number)) continue;
      const further = await this.#readDataGroup(session, number, furtherDataGroups[number], 'verify');
      if (!further.ok) return further;
    }
    const facts: Facts = {
      access: session.accessFact,
      extendedLength: this.#limits.extendedLength,
      files: this.#files,
      details:
        dg1.value === undefined ? { kind: 'unreadable' } : examineDetails(dg1.value, this.#request.key),
      photo: dg2.value === undefined ? { kind: 'unreadable' } : examinePhoto(dg2.value),
      securityObject: this.#verify(securityObject.value),
    };
    this.#advance('verify', 1);
    return ok(facts);
  }

  wipe(): void {
    this.#session?.close();
    wipe(...this.#contents);
  }

  #verify(securityObject: Uint8Array | undefined): SecurityObjectFact {
    return securityObject === undefined
      ? { kind: 'unreadable' }
      : verifySecurityObject(securityObject, this.#dataGroups, this.#options.issuers);
  }

  #advance(step: CheckStep, fraction: number): void {
    this.#fraction = step === this.#step ? Math.max(this.#fraction, fraction) : fraction;
    this.#step = step;
    this.#options.onProgress(step, this.#fraction);
  }

  /** The file, or `undefined` when the chip does not give it; why not is among the facts. */
  async #read(
    session: ChipSession,
    file: ElementaryFile,
    step: CheckStep,
  ): Promise<Result<Uint8Array | undefined, AccessFault>> {
    this.#advance(step, 0);
    const reading = await session.read(file, (part) => this.#advance(step, part));
    if (!reading.ok) return reading;
    const bytes = reading.value.outcome === 'read' ? reading.value.bytes : undefined;
    this.#files.push({ file: file.name, outcome: reading.value.outcome, bytes: bytes?.length ?? 0 });
    if (bytes !== undefined) this.#contents.push(bytes);
    return ok(bytes);
  }

  async #readDataGroup(
    session: ChipSession,
    number: number,
    file: ElementaryFile,
    step: CheckStep,
  ): Promise<Result<Uint8Array | undefined, AccessFault>> {
    const reading = await this.#read(session, file, step);
    if (reading.ok && reading.value !== undefined) this.#dataGroups.set(number, reading.value);
    return reading;
  }
}

function listedDataGroups(securityObject: Uint8Array): readonly number[] {
  const fact = verifySecurityObject(securityObject, new Map(), undefined);
  return fact.kind === 'parsed' ? fact.hashes.map(({ dataGroup }) => dataGroup) : [];
}

/**
 * Checks a travel document's chip (Doc 9303 parts 10 and 11): opens it with the key fields by PACE or BAC, reads
 * EF.SOD, DG1, DG2 and the data groups asked for, and tells facts about them, never their contents. The card must be
 * fresh from a reset. What the document, the reader or the person causes ends in an outcome; it does not throw.
 */
export async function checkChip(
  card: CardChannel,
  request: CheckRequest,
  options: CheckOptions,
): Promise<CheckOutcome> {
  const metered = meterChannel(card, options.signal, options.now);
  const access = new ChipAccess(openClearChannel(metered), request, options.random ?? systemRandom);
  const limits = new ReadLimits(card.extendedLength && takesExtendedLength(card.atr));
  const check = new Check(access, limits, request, options);
  try {
    const result = await check.run();
    const cost = metered.cost();
    return result.ok
      ? { kind: 'facts', facts: { ...result.value, cost } }
      : { kind: 'stopped', during: check.step, fault: toCheckFault(result.error), cost };
  } finally {
    check.wipe();
  }
}
