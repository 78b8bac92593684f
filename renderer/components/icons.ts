import arrowBack from '@material-symbols/svg-400/outlined/arrow_back.svg?raw';
import arrowDown from '@material-symbols/svg-400/outlined/keyboard_arrow_down.svg?raw';
import arrowForward from '@material-symbols/svg-400/outlined/arrow_forward.svg?raw';
import backspace from '@material-symbols/svg-400/outlined/backspace.svg?raw';
import cancel from '@material-symbols/svg-400/outlined/cancel.svg?raw';
import check from '@material-symbols/svg-400/outlined/check.svg?raw';
import checkCircle from '@material-symbols/svg-400/outlined/check_circle.svg?raw';
import close from '@material-symbols/svg-400/outlined/close.svg?raw';
import contrast from '@material-symbols/svg-400/outlined/contrast.svg?raw';
import help from '@material-symbols/svg-400/outlined/help.svg?raw';
import info from '@material-symbols/svg-400/outlined/info.svg?raw';
import language from '@material-symbols/svg-400/outlined/language.svg?raw';
import lock from '@material-symbols/svg-400/outlined/lock.svg?raw';
import logout from '@material-symbols/svg-400/outlined/logout.svg?raw';
import shield from '@material-symbols/svg-400/outlined/shield.svg?raw';
import stop from '@material-symbols/svg-400/outlined/stop_circle.svg?raw';
import textSize from '@material-symbols/svg-400/outlined/format_size.svg?raw';
import volumeUp from '@material-symbols/svg-400/outlined/volume_up.svg?raw';
import warning from '@material-symbols/svg-400/outlined/warning.svg?raw';

function pathOf(svg: string): string {
  const path = /<path d="([^"]+)"/.exec(svg)?.[1];
  if (path === undefined) throw new Error('An icon without a path');
  return path;
}

/** The paths of the Material Symbols in use, all in the box `0 -960 960 960`. */
export const icons = {
  'arrow-back': pathOf(arrowBack),
  'arrow-down': pathOf(arrowDown),
  'arrow-forward': pathOf(arrowForward),
  backspace: pathOf(backspace),
  cancel: pathOf(cancel),
  check: pathOf(check),
  'check-circle': pathOf(checkCircle),
  close: pathOf(close),
  contrast: pathOf(contrast),
  help: pathOf(help),
  info: pathOf(info),
  language: pathOf(language),
  lock: pathOf(lock),
  logout: pathOf(logout),
  shield: pathOf(shield),
  stop: pathOf(stop),
  'text-size': pathOf(textSize),
  'volume-up': pathOf(volumeUp),
  warning: pathOf(warning),
} as const;

export type IconName = keyof typeof icons;
