#!/usr/bin/env python3
"""Servers small enough to be ours: small_servers.py http|https|websocket|kafka|grpc PORT [FILES]."""

import asyncio
import http.server
import re
import socketserver
import ssl
import struct
import sys
import time


class Handler(http.server.BaseHTTPRequestHandler):
    """/fast answers at once, /slow?S after S seconds of silence, POST how many bytes came."""

    protocol_version = "HTTP/1.1"

    def answer(self, text):
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        wait = re.search(r"\?(?:\w+=)?([0-9.]+)$", self.path)  # a library may give it a name
        time.sleep(float(wait.group(1)) if wait else 0)
        self.answer(b"ok\n")

    def do_POST(self):
        wanted = int(self.headers["Content-Length"])
        got = 0
        while got < wanted:
            block = self.rfile.read(min(65536, wanted - got))
            if not block:
                return
            got += len(block)
        self.answer(b"%d\n" % got)

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 100


def serve_http(port, key=None, certificate=None):
    server = Server(("0.0.0.0", port), Handler)
    if key:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True,
                                            do_handshake_on_connect=False)
    server.serve_forever()


async def speak(websocket, _path=None):
    """Echoes, and says "now" after the seconds of "later SECONDS"."""
    async for message in websocket:
        if message.startswith("later "):
            await asyncio.sleep(float(message.split()[1]))
            message = "now"
        await websocket.send(message)


def serve_websockets(serve, port):
    async def forever():
        async with serve(speak, "0.0.0.0", port):
            await asyncio.Future()
    asyncio.run(forever())


def websocket(port):
    import websockets
    serve_websockets(lambda *a: websockets.serve(*a, ping_interval=None), port)


def text(words):
    return struct.pack(">h", len(words)) + words


class Broker(socketserver.BaseRequestHandler):
    """As much of Kafka's protocol as a client needs to ask for the topics and to send a message."""

    def read(self, size):
        got = b""
        while len(got) < size:
            block = self.request.recv(size - len(got))
            if not block:
                raise EOFError
            got += block
        return got

    def handle(self):
        try:
            while True:
                size, = struct.unpack(">i", self.read(4))
                request = self.read(size)
                api, version, correlation = struct.unpack(">hhi", request[:8])
                answer = struct.pack(">i", correlation) + self.answer(api, version)
                self.request.sendall(struct.pack(">i", len(answer)) + answer)
        except (EOFError, OSError):
            pass

    def answer(self, api, version):
        if api == 18:  # ApiVersions
            apis = struct.pack(">i", 3) + struct.pack(">hhh", 0, 2, 2) + struct.pack(">hhh", 3, 0, 1) + struct.pack(">hhh", 18, 0, 0)
            return struct.pack(">h", 0 if version == 0 else 35) + apis
        if api == 0:  # Produce: the one message of the one partition was written
            partition = struct.pack(">ihqq", 0, 0, 0, -1)
            return struct.pack(">i", 1) + text(b"proof") + struct.pack(">i", 1) + partition + struct.pack(">i", 0)
        host, port = self.request.getsockname()
        broker = struct.pack(">i", 1) + struct.pack(">i", 1) + text(host.encode()) + struct.pack(">i", port)
        if version >= 1:  # rack, then the controller
            broker += struct.pack(">h", -1) + struct.pack(">i", 1)
        partition = struct.pack(">ihii", 1, 0, 0, 1) + struct.pack(">ii", 1, 1) + struct.pack(">ii", 1, 1)
        internal = struct.pack(">b", 0) if version >= 1 else b""
        return broker + struct.pack(">i", 1) + struct.pack(">h", 0) + text(b"proof") + internal + partition


def kafka(port):
    class Threads(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True
    Threads(("0.0.0.0", port), Broker).serve_forever()


def grpc_server(port):
    from concurrent import futures

    import grpc

    def later(request, _context):
        time.sleep(float(request))
        return b"ok"

    handler = grpc.method_handlers_generic_handler(
        "proof.Proof", {"Later": grpc.unary_unary_rpc_method_handler(later)})
    # As the printed SERVER_OPTIONS say: the server allows the pings.
    server = grpc.server(futures.ThreadPoolExecutor(8), options=[
        ("grpc.http2.min_ping_interval_without_data_ms", 100), ("grpc.keepalive_permit_without_calls", 1)])
    server.add_generic_rpc_handlers((handler,))
    server.add_insecure_port(f"0.0.0.0:{port}")
    server.start()
    server.wait_for_termination()


if __name__ == "__main__":
    kind, port, *files = sys.argv[1:]
    {"http": serve_http, "https": serve_http, "websocket": websocket, "kafka": kafka,
     "grpc": grpc_server}[kind](int(port), *files)
