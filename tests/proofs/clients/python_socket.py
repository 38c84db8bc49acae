import socket

from proof import HOST, PORT, SILENCE, hear_answer, pasted, run, silence, waiting

sock = socket.create_connection((HOST, PORT))
keep_binding = pasted().get("keep_binding")
if keep_binding:
    keep_binding(sock)


def get(path):
    sock.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    hear_answer(sock)


def reuse():
    get("/fast")
    silence()
    get("/fast")


def held():
    waiting()
    get(f"/slow?{SILENCE}")


run(reuse=reuse, held=held)
