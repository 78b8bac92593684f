import type { GuidedQuestion } from '../../../main/api/contract.js';
import type { Messages } from '../../i18n/da.js';
import type { GuidedDevice } from '../device-test.svelte.js';

/** What to do before a question is answered. */
export function howText(text: Messages, device: GuidedDevice, question: GuidedQuestion): string {
  const how: Readonly<Partial<Record<GuidedDevice, string>>> = text.device.questions[question].how;
  return how[device] ?? '';
}

/** The drawing that goes with a question, by the name of its text. */
export type QuestionPicture =
  | 'button'
  | 'display'
  | 'digits'
  | 'again'
  | 'red'
  | 'screen'
  | 'listen'
  | 'red-zero'
  | 'red-keys'
  | 'device';

export function pictureOf(device: GuidedDevice, question: GuidedQuestion): QuestionPicture {
  const reader = device === 'audio-code-reader';
  switch (question) {
    case 'lights-up':
      return reader ? 'red' : 'button';
    case 'six-digits':
      return reader ? 'screen' : 'display';
    case 'digits-whole':
      return 'digits';
    case 'new-code':
      return 'again';
    case 'hears-digits':
      return 'listen';
    case 'volume-changes':
    case 'language-changes':
      return 'red-keys';
    case 'replays':
      return 'red-zero';
    case 'blocked':
      return 'device';
  }
}
