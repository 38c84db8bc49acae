"""Reverse proxies that WebSockets pass as tunnels."""

import servers

TUNNEL = """upstream backend { server 127.0.0.1:8080; }
server {
    location / {
        proxy_pass http://backend;
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection upgrade;
    }
}
"""


def with_websocket(lab, port, text):
    """Before a WebSocket server of its own."""
    servers.websocket(lab, port + 1000)
    return text.replace("127.0.0.1:8080", f"127.0.0.1:{port + 1000}")


def nginx(lab, port, text=""):
    text = with_websocket(lab, port, text or TUNNEL)
    servers.nginx(lab, port, text.replace("\nserver {", f"\nserver {{\n    listen {port};", 1))


def haproxy(lab, port, text=""):
    servers.haproxy(lab, port, with_websocket(lab, port, text or servers.HAPROXY.replace("600s", "60s")))
