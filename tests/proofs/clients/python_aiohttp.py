import asyncio

import aiohttp
from proof import HOST, MODE, PORT, SILENCE, equal, pasted, run, waiting
import proof

text = pasted()
url = f"http://{HOST}:{PORT}"


async def get(session, path):
    async with session.get(url + path) as answer:
        equal(await answer.text(), "ok\n")


async def silence():
    waiting()
    await asyncio.sleep(SILENCE)


async def trial():
    make = text.get("make_session") or (
        lambda: aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None)))
    async with make() as session:
        if MODE in ("ws_echo", "ws_push"):
            async with session.ws_connect(url) as websocket:
                if text:
                    asyncio.get_running_loop().create_task(text["keep_pinging"](websocket))
                await web_socket(websocket)
            return
        await get(session, "/fast")
        await silence()
        await get(session, "/fast")


async def held():
    make = text.get("make_session") or (
        lambda: aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None)))
    async with make() as session:
        waiting()
        async with session.get(f"{url}/slow?{SILENCE}",
                               timeout=aiohttp.ClientTimeout(total=None, sock_read=SILENCE + 60)) as answer:
            equal(await answer.text(), "ok\n")


async def web_socket(websocket):
    if MODE == "ws_push":
        await websocket.send_str(f"later {SILENCE}")
        waiting()
        equal((await websocket.receive()).data, "now")
        return
    await websocket.send_str("a")
    equal((await websocket.receive()).data, "a")
    reader = asyncio.get_running_loop().create_task(websocket.receive())
    await silence()
    proof.started += SILENCE
    await websocket.send_str("b")
    equal((await reader).data, "b")


run(reuse=lambda: asyncio.run(trial()), held=lambda: asyncio.run(held()),
    ws_echo=lambda: asyncio.run(trial()), ws_push=lambda: asyncio.run(trial()))
