"""A client without any setting, against a server that has the pasted text (or not)."""
import os
import socket

from proof import HOST, PORT, SILENCE, equal, hear_answer, run, silence, waiting

sock = socket.create_connection((HOST, PORT))


def get(path="/"):
    sock.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    hear_answer(sock)


def held():
    """The server's answer comes after a silence that the firewall does not live through."""
    waiting()
    get(f"/slow?{SILENCE}")


def closes():
    """The server closes an idle connection in order before the firewall forgets it."""
    get()
    waiting()
    sock.settimeout(float(os.environ["PROOF_TIMEOUT"]) - 0.5)
    equal(sock.recv(100), b"")


def outlasts():
    """The server still answers after the silence for which a proxy keeps a connection."""
    get()
    silence()
    get()


run(held=held, closes=closes, outlasts=outlasts)
