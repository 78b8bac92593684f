import { describe, expect, it } from 'vitest';
import { checkChip } from '../../../drivers/emrtd/index.js';
import { openChannel } from '../../../drivers/simulated/shared/channel.js';
import { SimulatedChip } from '../../../drivers/simulated/chip/chip.js';
import { makeDemoDocument } from '../../../drivers/simulated/chip/documents.js';
import { demoDocuments } from '../../../drivers/simulated/chip/types.js';
import { chipFaultFor } from '../../../main/demo.js';

describe('the demo bench', () => {
  it.each(demoDocuments)('takes away a %s while something is read from it', async (document) => {
    const fault = chipFaultFor('torn');
    const contents = makeDemoDocument(document, fault);
    const outcome = await checkChip(
      openChannel(new SimulatedChip(contents, fault)),
      { id: 'demo', key: contents.key, access: 'auto', waitForDocumentMs: 0 },
      { onProgress: () => undefined, signal: new AbortController().signal, now: () => 0 },
    );
    expect(outcome).toMatchObject({ kind: 'stopped', fault: { kind: 'card-removed' } });
    expect(outcome).not.toMatchObject({ during: 'connect' });
  });
});
