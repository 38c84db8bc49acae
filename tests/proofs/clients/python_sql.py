"""psycopg2, psycopg, asyncpg, SQLAlchemy and PyMySQL, by PROOF_DRIVER."""
import asyncio
import os

import proof
from proof import HOST, PORT, SILENCE, equal, pasted, run, silence, waiting

driver = os.environ["PROOF_DRIVER"]
text = pasted()
dsn = f"host={HOST} port={PORT} user=postgres dbname=postgres"


def connect():
    if driver == "psycopg2":
        import psycopg2
        return psycopg2.connect(dsn, **text.get("KEEP_BINDING", {}))
    if driver == "psycopg":
        import psycopg
        return psycopg.connect(dsn, **text.get("KEEP_BINDING", {}))
    import pymysql
    return pymysql.connect(host=HOST, port=PORT, user="proof", password="proof",
                           read_timeout=SILENCE + 60)


def ask(connection, question):
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def reuse():
    connection = connect()
    equal(ask(connection, "SELECT 1"), 1)
    silence()
    equal(ask(connection, "SELECT 2"), 2)


def held():
    connection = connect()
    sleep = "SELECT SLEEP({})" if driver == "pymysql" else "SELECT 3 FROM pg_sleep({})"
    waiting()
    equal(ask(connection, sleep.format(SILENCE)), 0 if driver == "pymysql" else 3)


def closes():
    """The server ends a session in order before the firewall forgets it."""
    import select
    connection = connect()
    equal(ask(connection, "SELECT 1"), 1)
    waiting()
    readable, _, _ = select.select([connection._sock], [], [], float(os.environ["PROOF_TIMEOUT"]) - 0.5)
    equal(bool(readable), True)


def engine():
    import sqlalchemy
    url = f"postgresql+psycopg2://postgres@{HOST}:{PORT}/postgres"
    return sqlalchemy, sqlalchemy.create_engine(url, **text.get("ENGINE", {}))


def engine_reuse():
    sqlalchemy, pool = engine()
    for number in 1, 2:
        with pool.connect() as connection:
            equal(connection.execute(sqlalchemy.text(f"SELECT {number}")).scalar(), number)
        if number == 1:
            silence()


def engine_held():
    sqlalchemy, pool = engine()
    with pool.connect() as connection:
        waiting()
        equal(connection.execute(sqlalchemy.text(f"SELECT 3 FROM pg_sleep({SILENCE})")).scalar(), 3)


async def asynchronous(mode):
    import asyncpg
    connection = await asyncpg.connect(host=HOST, port=PORT, user="postgres", database="postgres",
                                       **text.get("KEEP_BINDING", {}))
    equal(await connection.fetchval("SELECT 1"), 1)
    waiting()
    if mode == "held":
        equal(await connection.fetchval(f"SELECT 3 FROM pg_sleep({SILENCE})"), 3)
        return
    await asyncio.sleep(SILENCE)
    proof.started += SILENCE
    equal(await connection.fetchval("SELECT 2"), 2)


if driver == "asyncpg":
    run(reuse=lambda: asyncio.run(asynchronous("reuse")),
        held=lambda: asyncio.run(asynchronous("held")))
elif driver == "sqlalchemy":
    run(reuse=engine_reuse, held=engine_held)
else:
    run(reuse=reuse, held=held, closes=closes)
