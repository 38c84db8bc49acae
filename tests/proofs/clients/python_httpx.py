import httpx
from proof import HOST, PORT, SILENCE, equal, pasted, run, silence, waiting

text = pasted()
client = text["make_client"](trust_env=False) if text else httpx.Client(trust_env=False)
url = f"http://{HOST}:{PORT}"


def get(path):
    equal(client.get(url + path, timeout=SILENCE + 60).text, "ok\n")


def reuse():
    get("/fast")
    silence()
    get("/fast")


def held():
    waiting()
    get(f"/slow?{SILENCE}")


run(reuse=reuse, held=held)
