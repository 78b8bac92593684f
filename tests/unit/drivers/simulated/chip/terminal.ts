import { performBac } from '../../../../../drivers/emrtd/bac.js';
import { choosePace, parseCardAccess } from '../../../../../drivers/emrtd/card-access.js';
import { openClearChannel, type CommandChannel } from '../../../../../drivers/emrtd/command-channel.js';
import { performPace, type PacePassword } from '../../../../../drivers/emrtd/pace.js';
import { SecureMessaging } from '../../../../../drivers/emrtd/secure-messaging.js';
import type { Command } from '../../../../../drivers/shared/apdu.js';
import { fromHex, toHex } from '../../../../../drivers/shared/bytes.js';
import type { CardChannel } from '../../../../../drivers/shared/card-channel.js';
import { encodeTlv } from '../../../../../drivers/shared/tlv.js';
import { openChannel } from '../../../../../drivers/simulated/shared/channel.js';
import { SimulatedChip } from '../../../../../drivers/simulated/chip/chip.js';
import type { ChipContents } from '../../../../../drivers/simulated/chip/contents.js';
import type { ChipFault } from '../../../../../drivers/simulated/chip/types.js';
import { seededRandom } from '../../emrtd/scripted-chip.js';

export const selectApplication = '00A4040C07A0000002471001';

/** Bytes 0, 1, 2 … after a header, so that a wrong offset shows. */
function counted(tag: number, length: number): Uint8Array {
  return encodeTlv(
    tag,
    Uint8Array.from({ length }, (_, i) => i & 0xff),
  );
}

export const files = {
  com: fromHex('60145F0104303130365F36063034303030305C026175'),
  dg1: counted(0x61, 91),
  dg2: counted(0x75, 40_000),
  dg3: counted(0x63, 20),
};

export function contents(changes: Partial<ChipContents> = {}): ChipContents {
  return {
    key: { documentNumber: 'L898902C', birthDate: '690806', expiryDate: '940623' },
    bac: true,
    pace: [],
    extendedLength: false,
    files: new Map([
      [0x011e, files.com],
      [0x0101, files.dg1],
      [0x0102, files.dg2],
      [0x0103, files.dg3],
    ]),
    ...changes,
  };
}

export function chipWith(changes: Partial<ChipContents> = {}, seed = 1): SimulatedChip {
  return new SimulatedChip(contents(changes), { kind: 'none' }, { random: seededRandom(seed) });
}

/** Sends one command in hexadecimal; gives the response in hexadecimal. */
export async function exchange(chip: SimulatedChip, command: string): Promise<string> {
  const answer = await chip.transmit(fromHex(command));
  return answer.kind === 'response' ? toHex(answer.bytes) : answer.kind;
}

/** A terminal in secure messaging, whose bytes on the air can be seen and changed. */
export interface OpenTerminal {
  readonly chip: SimulatedChip;
  /** Data and status word in hexadecimal, for example `9000`. Fails when the chip answers without protection. */
  send(command: Partial<Command>): Promise<{ data: Uint8Array; sw: string }>;
  /** What the chip answers when the next protected command arrives changed. */
  sendChanged(command: Partial<Command>, change: (bytes: Uint8Array) => Uint8Array): Promise<string>;
  /** Length of the last response on the air, with its status word. */
  readonly lastLength: number;
}

type Access = 'bac' | PacePassword;

async function openSession(channel: CommandChannel, card: ChipContents, access: Access, select: boolean) {
  const random = seededRandom(99);
  const clear = (command: Command) => channel.send(command);
  if (access === 'bac') {
    await clear({ cla: 0, ins: 0xa4, p1: 4, p2: 0x0c, data: fromHex('A0000002471001') });
    const keys = await performBac(channel, card.key, random);
    if (!keys.ok) throw new Error(keys.error.kind);
    return new SecureMessaging(channel, keys.value);
  }
  const file = await clear({ cla: 0, ins: 0xb0, p1: 0x9c, p2: 0, le: 256 });
  const choice = choosePace((file.ok ? parseCardAccess(file.value.data) : undefined) ?? []);
  if (choice === undefined) throw new Error('no PACE offered');
  const keys = await performPace(channel, choice, access, random, () => undefined);
  if (!keys.ok) throw new Error(keys.error.kind);
  const session = new SecureMessaging(channel, keys.value);
  if (select) await session.send({ cla: 0, ins: 0xa4, p1: 4, p2: 0x0c, data: fromHex('A0000002471001') });
  return session;
}

interface OpenOptions {
  /** `false` stays in the master file after PACE. */
  readonly select?: boolean;
  /** For the chip's random numbers. */
  readonly seed?: number;
  readonly fault?: ChipFault;
}

/** Opens a chip with these contents; fails with the fault's name when that does not work. */
export async function openTerminal(
  card: ChipContents,
  access: Access,
  { select = true, seed = 1, fault = { kind: 'none' } }: OpenOptions = {},
): Promise<OpenTerminal> {
  const chip = new SimulatedChip(card, fault, { random: seededRandom(seed) });
  const inner = openChannel(chip);
  let change: ((bytes: Uint8Array) => Uint8Array) | undefined;
  let last = '';
  const channel: CardChannel = {
    ...inner,
    async transmit(command) {
      const answer = await inner.transmit(change?.(command) ?? command);
      change = undefined;
      last = answer.ok ? toHex(answer.value) : answer.error.kind;
      return answer;
    },
  };
  const session = await openSession(openClearChannel(channel), card, access, select);
  const whole = (command: Partial<Command>) => ({ cla: 0, ins: 0xb0, p1: 0, p2: 0, ...command });
  return {
    chip,
    async send(command) {
      const response = await session.send(whole(command));
      if (!response.ok) throw new Error(`${response.error.kind} ${last}`);
      return { data: response.value.data, sw: response.value.sw.toString(16).padStart(4, '0').toUpperCase() };
    },
    async sendChanged(command, by) {
      change = by;
      await session.send(whole(command));
      return last;
    },
    get lastLength() {
      return last.length / 2;
    },
  };
}
