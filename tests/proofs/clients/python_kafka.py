"""Kafka clients: does the client close its idle connection first, in order?"""
import os

from proof import HOST, PASTED, PORT, SILENCE, equal, pasted, run, silence


def properties():
    """The pasted text is a properties file."""
    if PASTED == "-":
        return {}
    with open(PASTED) as file:
        return dict(line.strip().split("=", 1) for line in file
                    if "=" in line and not line.startswith("#"))


def kafka_python():
    from kafka import KafkaProducer
    names = {"connections.max.idle.ms": "connections_max_idle_ms",
             "reconnect.backoff.ms": "reconnect_backoff_ms",
             "reconnect.backoff.max.ms": "reconnect_backoff_max_ms"}
    given = {names[name]: int(value) for name, value in properties().items()}
    client = KafkaProducer(bootstrap_servers=f"{HOST}:{PORT}", request_timeout_ms=8000, retries=0,
                           api_version=(0, 10, 0), **given)
    return lambda: [client.send("proof", b"word").get(timeout=8).topic]


def librdkafka():
    from confluent_kafka import Producer
    client = Producer({"bootstrap.servers": f"{HOST}:{PORT}", "socket.timeout.ms": 8000,
                       "topic.metadata.refresh.interval.ms": -1, "api.version.request": "true",
                       **properties()})
    return lambda: sorted(client.list_topics(timeout=8).topics)


def reuse():
    ask = {"kafka-python": kafka_python, "librdkafka": librdkafka}[os.environ["PROOF_DRIVER"]]()
    equal(list(ask()), ["proof"])
    silence()
    equal(list(ask()), ["proof"])


run(reuse=reuse)
