import type { Page } from '@playwright/test';
import type { EventData, EventName, KioskState, MethodName } from '../../main/api/contract.js';

// A kiosk that does what the test says, behind the page's bridge: for states that no device can be brought into on
// demand, such as each verdict, a reader that is missing, a check that another screen runs.

export const kioskAtRest: KioskState = {
  chipReader: { kind: 'ready', documentPresent: false },
  demo: false,
  demoPrinter: false,
  rig: { kind: 'none' },
  demoRig: false,
  queue: true,
  settings: {
    defaultLanguage: 'da',
    idleSeconds: 60,
    idleGraceSeconds: 20,
    primaryColour: '#1a3e72',
    placeName: 'Borgerservice',
    minimumAge: 13,
    ordinaryAge: 15,
  },
  today: '2026-11-23',
};

export interface ScriptedKiosk {
  emit<Name extends EventName>(name: Name, data: EventData<Name>): Promise<void>;
  /** What it answers from now on, and to the calls that `held` keeps waiting. */
  answer(method: MethodName, answer: unknown): Promise<void>;
  /** What the page has called so far, with its input. */
  calls(): Promise<readonly { readonly method: string; readonly input: unknown }[]>;
}

/** As an answer: the call waits until the test gives another one. */
export const held = 'held';

interface Stage {
  emit(name: string, data: unknown): void;
  answer(method: string, answer: unknown): void;
  readonly calls: { method: string; input: unknown }[];
}

type Answers = Partial<Record<MethodName, unknown>>;

/** To be called before the page is opened. `answers` replace the friendly ones. */
export async function scriptKiosk(
  page: Page,
  state: KioskState,
  answers: Answers = {},
): Promise<ScriptedKiosk> {
  await page.addInitScript(
    ({ state, answers, held }) => {
      let receive: (text: string) => void = () => undefined;
      const ok = (value: unknown) => ({ ok: true, value });
      const friendly: Record<string, unknown> = {
        'kiosk.state': ok(state),
        'chipCheck.start': ok({ id: 'check' }),
        'authenticator.start': ok({ id: 'test' }),
        'demo.specimens': ok([]),
        'queue.offer': ok({
          services: [],
          appointments: true,
          source: 'ready',
          printer: { kind: 'ready', paperLow: false },
        }),
        ...answers,
      };
      const waiting: { i: string; m: string }[] = [];
      const reply = ({ i, m }: { i: string; m: string }): void => {
        if (friendly[m] === held) {
          waiting.push({ i, m });
          return;
        }
        const answer = JSON.stringify({ t: 's', i, r: friendly[m] ?? ok({}) });
        queueMicrotask(() => receive(answer));
      };
      const stage: Stage = {
        calls: [],
        answer: (method, answer) => {
          friendly[method] = answer;
          for (const each of waiting.splice(0)) reply(each);
        },
        emit: (name, data) => receive(JSON.stringify({ t: 'q', m: name, a: [data] })),
      };
      const bridge = {
        post: (text: string) => {
          const call = JSON.parse(text) as { i?: string; m: string; a: unknown[] };
          stage.calls.push({ method: call.m, input: call.a[0] });
          if (call.i !== undefined) reply({ i: call.i, m: call.m });
        },
        on: (callback: (text: string) => void) => {
          receive = callback;
        },
      };
      Object.defineProperty(window, 'forhal', { value: bridge });
      Object.defineProperty(window, 'stage', { value: stage });
    },
    { state, answers, held },
  );
  return {
    emit: (name, data) =>
      page.evaluate(([name, data]) => (window as unknown as { stage: Stage }).stage.emit(name, data), [
        name,
        data,
      ] as const),
    answer: (method, answer) =>
      page.evaluate(
        ([method, answer]) => (window as unknown as { stage: Stage }).stage.answer(method, answer),
        [method, answer] as const,
      ),
    calls: () => page.evaluate(() => (window as unknown as { stage: Stage }).stage.calls),
  };
}

/** A quarter of a second of nothing, WAV in base64. */
export const silentWav = ((): string => {
  const rate = 8_000;
  const length = rate / 4;
  const wav = Buffer.alloc(44 + length, 128);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + length, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate, 28);
  wav.writeUInt16LE(1, 32);
  wav.writeUInt16LE(8, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(length, 40);
  return wav.toString('base64');
})();
