"""An AMQP connection whose heartbeat the server asks for."""
import threading
import time

import pika
import proof
from proof import HOST, PORT, SILENCE, equal, waiting

credentials = pika.PlainCredentials("proof", "proof")
parameters = pika.ConnectionParameters(HOST, PORT, credentials=credentials)


def connected():
    connection = pika.BlockingConnection(parameters)
    channel = connection.channel()
    queue = channel.queue_declare("", exclusive=True).method.queue
    return connection, channel, queue


def silence(connection):
    waiting()
    end = time.monotonic() + SILENCE
    while time.monotonic() < end:
        connection.process_data_events(time_limit=0.5)  # heartbeats are sent in here
    proof.started = time.monotonic()


def reuse():
    connection, channel, queue = connected()
    silence(connection)
    channel.basic_publish("", queue, b"b")
    equal(channel.queue_declare(queue, passive=True).method.queue, queue)


def held():
    """Another connection publishes after the silence; the server speaks first on this one."""
    connection, channel, queue = connected()
    channel.confirm_delivery()
    heard = []
    shared = channel.queue_declare("", exclusive=False, auto_delete=True).method.queue
    channel.basic_consume(shared, lambda _c, _m, _p, body: heard.append(body), auto_ack=True)

    def publish():
        time.sleep(SILENCE)
        other = pika.BlockingConnection(parameters)
        other.channel().basic_publish("", shared, b"now")
        other.close()
    threading.Thread(target=publish, daemon=True).start()
    waiting()
    while not heard:
        connection.process_data_events(time_limit=0.5)
    equal(heard, [b"now"])


proof.run(reuse=reuse, held=held)
