import threading
import time

import paho.mqtt.client as mqtt
import proof
from proof import HOST, MODE, PORT, SILENCE, equal, pasted, waiting

keepalive = pasted().get("KEEPALIVE", 60)
heard = threading.Event()
client = mqtt.Client()
client.on_message = lambda *_: heard.set()
client.connect(HOST, PORT, keepalive=keepalive)
client.subscribe(MODE + "/" + str(keepalive))
client.loop_start()


def publish_later():
    time.sleep(SILENCE)
    other = mqtt.Client()
    other.connect(HOST, PORT)
    other.loop_start()
    other.publish(MODE + "/" + str(keepalive), "now", qos=1).wait_for_publish()


def held():
    time.sleep(1)
    waiting()
    threading.Thread(target=publish_later, daemon=True).start()
    equal(heard.wait(SILENCE + 8), True)


def reuse():
    time.sleep(1)
    waiting()
    time.sleep(SILENCE)
    proof.started = time.monotonic()
    client.publish(MODE + "/" + str(keepalive), "now", qos=1)
    equal(heard.wait(8), True)


proof.run(held=held, reuse=reuse)
