"""A client that sets nothing: keepalive and pings are the server's. By PROOF_DRIVER."""
import os

from proof import HOST, PORT, SILENCE, equal, run, silence, waiting

driver = os.environ["PROOF_DRIVER"]


def postgres():
    import psycopg2
    connection = psycopg2.connect(host=HOST, port=PORT, user="postgres", dbname="postgres",
                                  keepalives=0)

    def ask(question):
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0]
    return lambda: ask("SELECT 1"), lambda: ask(f"SELECT 1 FROM pg_sleep({SILENCE})"), 1


def redis_server():
    import redis
    server = redis.Redis(host=HOST, port=PORT)
    return server.ping, lambda: server.blpop("nothing", SILENCE) is None, True


def make():
    return {"postgres": postgres, "redis": redis_server}[driver]()


def reuse():
    ask, _, wanted = make()
    equal(ask(), wanted)
    silence()
    equal(ask(), wanted)


def held():
    ask, later, wanted = make()
    equal(ask(), wanted)
    waiting()
    equal(later(), wanted)


run(reuse=reuse, held=held)
