import os

import requests
import urllib3
from proof import HOST, PORT, SILENCE, equal, pasted, run, silence, waiting

urllib3.disable_warnings()
text = pasted()
# An SDK makes its own, after the text was run.
session = requests.Session() if "PROOF_SDK" in os.environ or not text else text["session"]
session.trust_env = False
session.verify = False
proxy = os.environ.get("PROOF_PROXY")
if proxy:
    session.proxies = {"http": proxy, "https": proxy}
url = f"{'https' if proxy else 'http'}://{HOST}:{PORT}"
body = bytes(int(os.environ.get("PROOF_BYTES", "0")))
timeout = (5, 60)


def get(path):
    equal(session.get(url + path, timeout=(5, SILENCE + 60)).text, "ok\n")


def reuse():
    get("/fast")
    silence()
    get("/fast")


def held():
    get("/fast")
    waiting()
    get(f"/slow?{SILENCE}")


def upload():
    waiting()
    equal(session.post(url + "/upload", data=body, timeout=timeout).text, f"{len(body)}\n")


def upload_unbounded():
    """As a caller does who knows that a timeout would end healthy uploads."""
    waiting()
    equal(session.post(url + "/upload", data=body).text, f"{len(body)}\n")


run(reuse=reuse, held=held, upload=upload, upload_unbounded=upload_unbounded)
