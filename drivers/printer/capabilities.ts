import type { PrinterModel } from './types.js';

/** How a printer says that a ticket is out. */
export type Confirmation =
  /** `GS ( H` function 48: four characters come back in a block. */
  | 'process-id'
  /** `GS r 1` is answered in its turn, after what came before it was printed. */
  | 'paper-sensor-echo'
  /** `DLE EOT 20`: the ticket was in the mouth, and was taken. */
  | 'ticket-taken';

/** In what a model differs. */
export interface Capabilities {
  readonly confirmation: Confirmation;
  /** `DLE DC4` function 8 empties the buffer and says so. */
  readonly clearsBuffer: boolean;
  /** It draws QR codes itself: `GS ( k`. */
  readonly qrCode: boolean;
  /** Across the paper: dots of 1/203 inch and characters of font A. */
  readonly dots: number;
  readonly columns: number;
  /** Number of CP858 in `ESC t`. */
  readonly cp858: number;
  readonly source: string;
}

const epson = {
  confirmation: 'process-id',
  clearsBuffer: true,
  qrCode: true,
  dots: 576,
  columns: 48,
  cp858: 19,
} as const;

/** Data, so that a model is added in one place. None of them was at hand: they are tried on the simulated printer. */
export const capabilities: Readonly<Record<PrinterModel, Capabilities>> = {
  generic: { ...epson, source: 'Epson ESC/POS command reference, as most others follow it' },
  'epson-tm-t20': { ...epson, source: 'Epson ESC/POS command reference, TM-T20II/III' },
  'epson-tm-t88': {
    ...epson,
    dots: 512,
    columns: 42,
    source: 'Epson ESC/POS command reference, TM-T88V–VII',
  },
  'epson-tm-t88iii': {
    ...epson,
    confirmation: 'paper-sensor-echo',
    clearsBuffer: false,
    qrCode: false,
    dots: 512,
    columns: 42,
    source: 'Epson ESC/POS command reference, TM-T88III: neither GS ( H nor DLE DC4 function 8 nor GS ( k',
  },
  'custom-vkp80': {
    ...epson,
    confirmation: 'ticket-taken',
    clearsBuffer: false,
    qrCode: false,
    dots: 608,
    columns: 45,
    source: 'Custom VKP80 command manual: DLE EOT 20',
  },
  'star-escpos': {
    ...epson,
    confirmation: 'paper-sensor-echo',
    clearsBuffer: false,
    source: 'Star ESC/POS mode command specification: GS r, GS ( k',
  },
};
