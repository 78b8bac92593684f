import { decodeCommand } from '../../shared/apdu.js';
import { plainResponse } from './reply.js';
import { status } from './status-words.js';

/** A contactless card of another trade, as a wallet holds them: it knows SELECT, and no application by our name. */
export class OtherCard {
  reset(): void {
    // Nothing is ever selected, so that nothing is to be forgotten.
  }

  respond(bytes: Uint8Array): Uint8Array {
    const command = decodeCommand(bytes);
    if (command === undefined) return plainResponse({ status: status.wrongLength });
    if (command.cla !== 0x00) return plainResponse({ status: status.classNotSupported });
    return plainResponse({
      status: command.ins === 0xa4 ? status.fileNotFound : status.instructionNotSupported,
    });
  }
}
