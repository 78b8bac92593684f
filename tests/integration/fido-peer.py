"""Asks the FIDO key on one card reader what it is, by Debian's python3-fido2; prints the answer as JSON."""

import json
import sys

from fido2.ctap1 import Ctap1
from fido2.ctap2 import Ctap2
from fido2.pcsc import CtapPcscDevice

devices = list(CtapPcscDevice.list_devices(sys.argv[1]))
if len(devices) != 1:
    sys.exit("%d keys on %s" % (len(devices), sys.argv[1]))
info = Ctap2(devices[0]).info
print(
    json.dumps(
        {
            "u2f": Ctap1(devices[0]).get_version(),
            "versions": list(info.versions),
            "aaguid": bytes(info.aaguid).hex(),
            "transports": list(info.transports),
            "firmwareVersion": info.firmware_version,
            "maxMessageSize": info.max_msg_size,
        }
    )
)
