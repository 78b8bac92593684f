import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);
/** Python starts slowly in a virtual machine, ms. */
const deadlineMs = 60_000;

const script = `
import json
from fido2.ctap2 import Ctap2
from fido2.hid import CtapHidDevice

keys = []
for key in CtapHidDevice.list_devices():
    info = Ctap2(key).info
    keys.append({
        "protocolVersion": key.version,
        "deviceVersion": list(key.device_version),
        "capabilities": int(key.capabilities),
        "versions": list(info.versions),
        "aaguid": bytes(info.aaguid).hex(),
        "transports": list(info.transports),
        "firmwareVersion": info.firmware_version,
        "maxMessageSize": info.max_msg_size,
    })
print(json.dumps(keys))
`;

const keys = z.array(
  z.strictObject({
    protocolVersion: z.int(),
    deviceVersion: z.array(z.int()),
    capabilities: z.int(),
    versions: z.array(z.string()),
    aaguid: z.string(),
    transports: z.array(z.string()),
    firmwareVersion: z.int().nullable(),
    maxMessageSize: z.int(),
  }),
);

export function whyNoPythonFido2(): string | undefined {
  return existsSync('/usr/lib/python3/dist-packages/fido2')
    ? undefined
    : "Debian's python3-fido2 is not installed";
}

/** What an independent client finds in the USB sockets, and is told by it. */
export async function askByPython(): Promise<z.infer<typeof keys>> {
  const { stdout } = await run('/usr/bin/python3', ['-c', script], { timeout: deadlineMs });
  return keys.parse(JSON.parse(stdout));
}
