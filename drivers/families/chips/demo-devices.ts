import type { DemoDevices } from './source.js';
import { loadIssuers } from '../../emrtd/index.js';
import { SimulatedChip } from '../../simulated/chip/chip.js';
import { DemoReaders } from '../../simulated/shared/demo-readers.js';
import { demoIssuers, makeDemoDocument } from '../../simulated/chip/documents.js';
import { NfcKey } from '../../simulated/fido-key/nfc-key.js';

/** One simulated reader, and the specimen documents and keys to put on it. */
export function openDemoDevices(): DemoDevices {
  const readers = new DemoReaders();
  return {
    readers,
    issuers: Promise.resolve(loadIssuers(demoIssuers())),
    place: ({ document, fault }) => {
      readers.place(new SimulatedChip(makeDemoDocument(document, fault), fault));
      return Promise.resolve();
    },
    placeKey: (key) => readers.place(new NfcKey(key)),
    remove: () => readers.remove(),
  };
}
