import threading
import time

import proof
import websocket
from proof import HOST, MODE, PORT, SILENCE, equal, pasted, waiting

options = pasted().get("OPTIONS", {})
wanted = {"ws_echo": ["a", "b"], "ws_push": ["now"]}[MODE]


def speak(app):
    if MODE == "ws_push":
        app.send(f"later {SILENCE}")
        waiting()
        return
    app.send("a")

    def later():
        waiting()
        time.sleep(SILENCE)
        proof.started = time.monotonic()
        app.send("b")
    threading.Thread(target=later, daemon=True).start()


def hear(app, message):
    equal(message, wanted.pop(0))
    if not wanted:
        app.close()


def trial():
    app = websocket.WebSocketApp(f"ws://{HOST}:{PORT}/", on_open=speak, on_message=hear)
    app.run_forever(**options)
    equal(wanted, [])


proof.run(ws_echo=trial, ws_push=trial)
