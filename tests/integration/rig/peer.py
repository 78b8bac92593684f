"""An SCPI instrument that this project did not write: the server of the package scpipy, with an identity."""

import asyncio
import sys

from scpipy.server import Router, Server

router = Router()


@router.register('*IDN?')
def identify(context):
    return 'Peer Instruments,Model 9,SN-42,2.1'


@router.register('*TST?')
def self_test(context):
    return 0


async def announce(server):
    while server._server is None:
        await asyncio.sleep(0.01)
    print(server._server.sockets[0].getsockname()[1], flush=True)


class Announcing(Server):
    async def _wait_stop(self):
        await announce(self)
        await super()._wait_stop()


server = Announcing('127.0.0.1', 0)
server.include_router(router)
sys.stdin.reconfigure(errors='ignore')
server.run()
