"""A program that turns SO_KEEPALIVE on and sets no times: those of the kernel hold."""
import socket

from proof import HOST, PORT, SILENCE, hear_answer, run, silence, waiting

sock = socket.create_connection((HOST, PORT))
sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


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
