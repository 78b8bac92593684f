import type { DeviceAskedAbout, GuidedQuestion } from '../../../main/api/contract.js';
import type { Messages } from '../../i18n/da.js';

interface Instructed<Question extends GuidedQuestion> {
  readonly how: Readonly<Record<DeviceAskedAbout<Question>, string>>;
}

/** What to do with this device before the question is answered. */
export function howText<Question extends GuidedQuestion>(
  text: Messages,
  question: Question,
  device: DeviceAskedAbout<Question>,
): string {
  const questions: { readonly [Each in GuidedQuestion]: Instructed<Each> } = text.device.questions;
  return questions[question].how[device];
}
