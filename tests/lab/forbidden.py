"""A process that may not say how far its packets go, as sandboxes have it (seccomp(2))."""

import ctypes
import errno
import os
import platform
import struct

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2
LOAD_WORD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
ALLOW, FAIL = 0x7FFF0000, 0x00050000 | errno.EPERM
# Of struct seccomp_data: the call's number, and the lower halves of its second and third argument.
NUMBER, LEVEL, OPTION = 0, 24, 32
SETSOCKOPT = {"x86_64": 54, "aarch64": 208}[platform.machine()]
IPPROTO_IP, IP_TTL, IPPROTO_IPV6, IPV6_UNICAST_HOPS = 0, 2, 41, 16

PROGRAM = [
    (LOAD_WORD, 0, 0, NUMBER),
    (JUMP_IF_EQUAL, 0, 7, SETSOCKOPT),
    (LOAD_WORD, 0, 0, LEVEL),
    (JUMP_IF_EQUAL, 0, 2, IPPROTO_IP),
    (LOAD_WORD, 0, 0, OPTION),
    (JUMP_IF_EQUAL, 4, 3, IP_TTL),
    (JUMP_IF_EQUAL, 0, 2, IPPROTO_IPV6),
    (LOAD_WORD, 0, 0, OPTION),
    (JUMP_IF_EQUAL, 1, 0, IPV6_UNICAST_HOPS),
    (RETURN, 0, 0, ALLOW),
    (RETURN, 0, 0, FAIL),
]


class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("program", ctypes.c_char_p)]


def forbid_reach():
    """To be called in the process, before it becomes the program (`preexec_fn`)."""
    libc = ctypes.CDLL(None, use_errno=True)
    code = b"".join(struct.pack("HBBI", *each) for each in PROGRAM)
    words = Filter(len(PROGRAM), code)
    for call in ((PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
                 (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(words), 0, 0)):
        if libc.prctl(*call) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
