import redis
from proof import HOST, PORT, SILENCE, equal, pasted, run, silence, waiting

options = dict(pasted().get("KEEP_BINDING", {}))


def connected(**more):
    return redis.Redis(host=HOST, port=PORT, **{**options, **more})


def reuse():
    server = connected()
    server.ping()
    silence()
    equal(server.ping(), True)


def held():
    server = connected(**({"socket_timeout": SILENCE + 60} if options else {}))
    server.ping()
    waiting()
    equal(server.blpop("nothing", SILENCE), None)


run(reuse=reuse, held=held)
