import { readdirSync, readFileSync } from 'node:fs';
import { systemClock, within } from '../../../drivers/shared/clock.js';
import {
  channelName,
  type GuestMessage,
  type HostMessage,
  hostMessage,
  Lines,
  type ReaderDeed,
} from '../messages.js';
import { DeviceNode } from './device-node.js';

const deedDeadlineMs = 30_000;
const ports = '/sys/class/virtio-ports';

/** The way out of the virtual machine. */
export class HostChannel {
  readonly #node: DeviceNode;
  readonly #answers = new Map<number, (answer: HostMessage) => void>();
  #deeds = 0;

  private constructor(node: DeviceNode) {
    this.#node = node;
    const lines = new Lines();
    node.onData((bytes) => {
      for (const line of lines.push(bytes)) {
        const answer = hostMessage.parse(JSON.parse(line));
        this.#answers.get(answer.id)?.(answer);
      }
    });
  }

  static async open(): Promise<HostChannel> {
    const port = readdirSync(ports).find(
      (name) => readFileSync(`${ports}/${name}/name`, 'utf8').trim() === channelName,
    );
    if (port === undefined) throw new Error('this is no lab: it has no channel to a host');
    return new HostChannel(await DeviceNode.open(`/dev/${port}`));
  }

  async tell(message: GuestMessage): Promise<void> {
    await this.#node.write(Buffer.from(`${JSON.stringify(message)}\n`));
  }

  /** Has it done by the host; commands that have reached the card by then. */
  async reader(deed: ReaderDeed): Promise<number> {
    const id = ++this.#deeds;
    const answered = new Promise<HostMessage>((resolve) => this.#answers.set(id, resolve));
    await this.tell({ kind: 'reader', id, deed });
    const answer = await within(systemClock, deedDeadlineMs, answered);
    this.#answers.delete(id);
    if (answer === undefined) throw new Error(`the host did not ${deed}`);
    if (answer.fault !== null) throw new Error(answer.fault);
    return answer.cardCommands;
  }
}
