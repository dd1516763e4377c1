"""The connections that the kernel of a namespace tracks.

One that was cut in the middle stays tracked for days, and leads whatever comes
from the same port later to where it led itself: a target that is long gone.
"""

import contextlib
import socket
import struct

_NETLINK_NETFILTER = 12
_DELETE_ALL = 1 << 8 | 2  # NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_DELETE
_REQUEST_ACK = 1 | 4

# struct nlmsghdr and struct nfgenmsg, and no attribute: any connection
_MESSAGE = struct.pack(
    "=IHHIIBBH", 20, _DELETE_ALL, _REQUEST_ACK, 1, 0, 0, 0, 0
)


def forget(spaces, names):
    """Forget all of them; a kernel that cannot be told keeps to its timeouts
    (topology.py)."""
    for name in names:
        with spaces.inside(name), contextlib.suppress(OSError):
            with socket.socket(
                socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_NETFILTER
            ) as made:
                made.settimeout(5)
                made.send(_MESSAGE)
                made.recv(4096)
