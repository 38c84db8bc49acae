import grpc
from proof import HOST, PORT, SILENCE, equal, pasted, run, silence, waiting

channel = grpc.insecure_channel(f"{HOST}:{PORT}", options=pasted().get("OPTIONS"))
call = channel.unary_unary("/proof.Proof/Later")


def reuse():
    equal(call(b"0", timeout=8), b"ok")
    silence()
    equal(call(b"0", timeout=8), b"ok")


def held():
    waiting()
    equal(call(str(SILENCE).encode(), timeout=SILENCE + 8), b"ok")


run(reuse=reuse, held=held)
