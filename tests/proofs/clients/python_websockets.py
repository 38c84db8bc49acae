import asyncio
from functools import partial

import proof
import websockets
from proof import HOST, MODE, PORT, SILENCE, equal, pasted, run, waiting

connect = pasted().get("connect") or websockets.connect


if MODE == "tunnel":  # of a proxy: the ends leave it silent
    connect = partial(websockets.connect, ping_interval=None)


async def trial():
    async with connect(f"ws://{HOST}:{PORT}/") as websocket:
        if MODE == "ws_push":
            await websocket.send(f"later {SILENCE}")
            waiting()
            equal(await websocket.recv(), "now")
            return
        await websocket.send("a")
        equal(await websocket.recv(), "a")
        waiting()
        await asyncio.sleep(SILENCE)
        proof.started += SILENCE
        await websocket.send("b")
        equal(await websocket.recv(), "b")


run(ws_echo=lambda: asyncio.run(trial()), ws_push=lambda: asyncio.run(trial()),
    tunnel=lambda: asyncio.run(trial()))
