import type {
  AccessState,
  deskResult,
  DeskState,
  Input,
  LoginResult,
  MethodName,
  SetPinResult,
  StaffRole,
} from '../../main/api/contract.js';
import type { z } from 'zod';
import type { Api, Connection } from '../api.js';

export type DeskAnswer = z.infer<typeof deskResult>;

/** The methods that act on tickets, counters and services. */
type Action = Extract<MethodName, `desk.${string}`>;
export type ActionName = {
  [Name in Action]: Name extends
    'desk.state' | 'desk.appointments' | 'desk.addAppointment' | 'desk.importAppointments' | 'desk.statistics'
    ? never
    : Name;
}[Action];

/** Why the session is over, when nobody has asked for it: nothing was done for too long, or the connection was away. */
export type Ended = 'idle' | 'away';

/** What a person at a desk sees and does: the session, the counter, the queue. */
export class Desk {
  readonly #api: Api;
  /** In this page's memory alone: takes the session up again after a lost connection. */
  #resume: string | undefined;
  /** The session ends because the person has asked for it. */
  #leaving = false;
  #access = $state.raw<AccessState>();
  #state = $state.raw<DeskState>();
  #connection = $state<Connection>('connecting');
  #busy = $state(false);
  #answer = $state.raw<DeskAnswer['kind'] | 'failed'>('ok');
  #answerAbout = $state('');
  #acted = $state(0);
  #ended = $state.raw<Ended>();
  #queueOff = $state(false);

  constructor(api: Api) {
    this.#api = api;
  }

  get access(): AccessState | undefined {
    return this.#access;
  }

  get loggedIn(): boolean {
    return this.#access?.role === 'staff' || this.#access?.role === 'technician';
  }

  get state(): DeskState | undefined {
    return this.#state;
  }

  /** Whether main has said that this kiosk has no queue. */
  get queueOff(): boolean {
    return this.#queueOff;
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** An action is on its way. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Whether main can be asked for anything. */
  get reachable(): boolean {
    return this.#connection === 'open';
  }

  /** How many actions have come to their end. */
  get acted(): number {
    return this.#acted;
  }

  /** Until someone logs in again. */
  get ended(): Ended | undefined {
    return this.#ended;
  }

  /** How the last action went. */
  get answer(): DeskAnswer['kind'] | 'failed' {
    return this.#answer;
  }

  /** Label of the ticket that the last action was about, where it names one; otherwise empty. */
  get answerAbout(): string {
    return this.#answerAbout;
  }

  start(): () => void {
    const stops = [
      this.#api.on('desk.state', (state) => {
        this.#state = state;
      }),
      this.#api.on('access.state', (access) => this.#become(access, 'idle')),
      this.#api.onConnection((connection) => {
        this.#connection = connection;
        if (connection === 'open') void this.#opened();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  async login(role: StaffRole, pin: string): Promise<LoginResult | undefined> {
    const answer = await this.#api.call('access.login', { role, pin });
    if (!answer.ok) return undefined;
    this.#enter(answer.value);
    return answer.value;
  }

  async setPin(role: StaffRole, pin: string): Promise<SetPinResult | undefined> {
    const answer = await this.#api.call('access.setPin', { role, pin });
    if (!answer.ok) return undefined;
    if (answer.value.kind === 'set') this.#become(answer.value.state);
    return answer.value;
  }

  async logout(): Promise<void> {
    this.#resume = undefined;
    this.#leaving = true;
    const answer = await this.#api.call('access.logout', {});
    this.#leaving = false;
    if (answer.ok) this.#become(answer.value);
  }

  /** `about`: label of the ticket that the answer has to name. How it went; `undefined` while another action is on its way. */
  async act<Name extends ActionName>(
    name: Name,
    input: Input<Name>,
    about = '',
  ): Promise<DeskAnswer['kind'] | 'failed' | undefined> {
    if (this.#busy || !this.reachable) return undefined;
    this.#busy = true;
    this.#answer = 'ok';
    const answer = await this.#api.call(name, input);
    await this.look();
    this.#busy = false;
    this.#answer = answer.ok ? answer.value.kind : 'failed';
    this.#answerAbout = about;
    this.#acted += 1;
    return this.#answer;
  }

  async look(): Promise<void> {
    const answer = await this.#api.call('desk.state', {});
    this.#queueOff = !answer.ok && answer.error.kind === 'queue-off';
    if (answer.ok) this.#state = answer.value;
  }

  async #opened(): Promise<void> {
    const resume = this.#resume;
    if (resume !== undefined) {
      const resumed = await this.#api.call('access.resume', { resume });
      if (resumed.ok) this.#enter(resumed.value);
    }
    const answer = await this.#api.call('access.state', {});
    if (answer.ok) this.#become(answer.value, 'away');
  }

  #enter(result: LoginResult): void {
    if (result.kind !== 'in') return;
    this.#resume = result.resume;
    this.#become(result.state);
  }

  /** `why`: what it means when the session is over with this. */
  #become(access: AccessState, why?: Ended): void {
    const wasIn = this.loggedIn;
    this.#access = access;
    if (this.loggedIn) {
      this.#ended = undefined;
      if (!access.mustSetPin) void this.look();
      return;
    }
    this.#state = undefined;
    this.#answer = 'ok';
    this.#resume = undefined;
    if (wasIn && !this.#leaving) this.#ended = why;
  }
}
