import type { DeviceAskedAbout, GuidedDevice, GuidedQuestion } from '../../../main/api/contract.js';

/** What is marked on the drawing of a device, by the name of its text; `…-again`: after a while. */
export type CodeDisplayPicture = 'button' | 'button-again' | 'display' | 'code-display';
export type AudioCodeReaderPicture =
  'red' | 'red-again' | 'screen' | 'listen' | 'red-zero' | 'red-keys' | 'audio-code-reader';

interface PicturesOf extends Record<GuidedDevice, string> {
  readonly 'code-display': CodeDisplayPicture | 'digits';
  readonly 'audio-code-reader': AudioCodeReaderPicture;
}
export type QuestionPicture = PicturesOf[GuidedDevice];

type QuestionPictures = {
  readonly [Question in GuidedQuestion]: {
    readonly [Device in DeviceAskedAbout<Question>]: PicturesOf[Device];
  };
};

const pictures: QuestionPictures = {
  'lights-up': { 'code-display': 'button', 'audio-code-reader': 'red' },
  'six-digits': { 'code-display': 'display', 'audio-code-reader': 'screen' },
  'digits-whole': { 'code-display': 'digits' },
  'new-code': { 'code-display': 'button-again', 'audio-code-reader': 'red-again' },
  'hears-digits': { 'audio-code-reader': 'listen' },
  'volume-changes': { 'audio-code-reader': 'red-keys' },
  replays: { 'audio-code-reader': 'red-zero' },
  'language-changes': { 'audio-code-reader': 'red-keys' },
  blocked: { 'code-display': 'code-display', 'audio-code-reader': 'audio-code-reader' },
};

/** The drawing that goes with a question about a device. */
export function pictureOf<Question extends GuidedQuestion>(
  question: Question,
  device: DeviceAskedAbout<Question>,
): QuestionPicture {
  const devices: { readonly [Device in DeviceAskedAbout<Question>]: QuestionPicture } = pictures[question];
  return devices[device];
}
