"""What the kernel says of another process's TCP sockets, whatever that process believes of them."""

import contextlib
import ctypes
import os
import socket

PIDFD_GETFD = 438  # the same number on every architecture
OPTIONS = {
    "keepalive": (socket.SOL_SOCKET, socket.SO_KEEPALIVE),
    "idle": (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE),
    "interval": (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL),
    "count": (socket.IPPROTO_TCP, socket.TCP_KEEPCNT),
    "user_timeout_ms": (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT),
}


def family_of(pid):
    """The process and its descendants."""
    found = [pid]
    for each in found:
        with contextlib.suppress(OSError):
            for thread in os.listdir(f"/proc/{each}/task"):
                with open(f"/proc/{each}/task/{thread}/children") as file:
                    found += [int(child) for child in file.read().split()]
    return found


def borrowed(pid):
    """Each socket of the process, as a copy of ours."""
    libc = ctypes.CDLL(None, use_errno=True)
    with contextlib.suppress(OSError):
        owner = os.pidfd_open(pid)
        try:
            for name in os.listdir(f"/proc/{pid}/fd"):
                with contextlib.suppress(OSError):
                    if os.readlink(f"/proc/{pid}/fd/{name}").startswith("socket:"):
                        copy = libc.syscall(PIDFD_GETFD, owner, int(name), 0)
                        if copy >= 0:
                            yield socket.socket(fileno=copy)
        finally:
            os.close(owner)


def options_of(pid, port):
    """The options of the process's TCP connections to or at that port, as the kernel has them."""
    found = []
    for process in family_of(pid):
        for each in borrowed(process):
            with each, contextlib.suppress(OSError):
                if each.type == socket.SOCK_STREAM and each.family in (socket.AF_INET, socket.AF_INET6) \
                        and port in (each.getpeername()[1], each.getsockname()[1]):
                    found.append({name: each.getsockopt(*option) for name, option in OPTIONS.items()})
    return found
