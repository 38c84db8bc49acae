"""The client's own transport, below what a cluster would have to answer."""
from proof import HOST, PORT, SILENCE, equal, pasted, run, silence, waiting

pasted()  # what it changes is urllib3's
import kubernetes  # noqa: E402

client = kubernetes.client.ApiClient(kubernetes.client.Configuration(host=f"http://{HOST}:{PORT}"))


def get(path):
    equal(client.rest_client.GET(f"http://{HOST}:{PORT}{path}").data, "ok\n")


def reuse():
    get("/fast")
    silence()
    get("/fast")


def held():
    waiting()
    get(f"/slow?{SILENCE}")


run(reuse=reuse, held=held)
