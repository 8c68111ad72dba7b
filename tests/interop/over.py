#!/usr/bin/env python3
"""Runs a check over another transport than it was written for: OVER=tls|ws|wss PORT=... [CERTIFICATE=pem] over.py CHECK.py

The check's UDP and TCP sockets become connections of that transport; WebSocket frames are masked and unmasked here (RFC 6455), so
that no library stands between the check and the wire."""
import base64, os, runpy, socket, ssl, struct, sys, time

CHECK = sys.argv[1]
OVER = os.environ["OVER"]
sys.path.insert(0, os.path.dirname(os.path.abspath(CHECK)))
import siplib  # noqa: E402


def connect():
    s = socket.create_connection((siplib.HOST, siplib.PORT), 3)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if OVER in ("tls", "wss"):
        context = ssl.create_default_context(cafile=os.environ["CERTIFICATE"])
        s = context.wrap_socket(s, server_hostname=siplib.HOST)
        # Session tickets come now and would look like data that waits; nobody else speaks first.
        s.settimeout(0.2)
        try:
            s.recv(1)
        except TimeoutError:
            pass
        s.settimeout(3)
    return s


class Plain:
    """What checks call a socket: sendall, recv, and a descriptor to wait for; TLS keeps what it has read ahead."""

    def __init__(self):
        self.s = connect()

    def sendall(self, data):
        self.s.sendall(data)

    def recv(self, size):
        try:
            return self.s.recv(size)
        except (ssl.SSLError, ConnectionResetError):
            return b""

    def pending(self):
        return getattr(self.s, "pending", lambda: 0)() > 0

    def fileno(self):
        return self.s.fileno()

    def getsockname(self):
        return self.s.getsockname()

    def close(self):
        self.s.close()


class Web(Plain):
    """One SIP message a frame (RFC 7118)."""

    def __init__(self):
        super().__init__()
        key = base64.b64encode(os.urandom(16)).decode()
        self.s.sendall(("GET /sip HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: %s\r\n"
                        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: sip\r\n\r\n" % (siplib.HOST, siplib.PORT, key)).encode())
        self.raw = b""
        while b"\r\n\r\n" not in self.raw:
            more = self.s.recv(4096)
            if not more:
                raise ConnectionError("no WebSocket: %r" % self.raw[:80])
            self.raw += more
        head, _, self.raw = self.raw.partition(b"\r\n\r\n")
        if b" 101 " not in head or b"sip" not in head.lower().split(b"sec-websocket-protocol:")[-1]:
            raise ConnectionError("no WebSocket: %r" % head[:80])

    def sendall(self, data):
        mask = os.urandom(4)
        n = len(data)
        head = bytes([0x81]) + (bytes([0x80 | n]) if n < 126 else bytes([0xFE]) + struct.pack("!H", n))
        self.s.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def frame(self):
        if len(self.raw) < 2:
            return None
        n, at = self.raw[1] & 0x7F, 2
        if n == 126:
            if len(self.raw) < 4:
                return None
            n, at = struct.unpack("!H", self.raw[2:4])[0], 4
        if len(self.raw) < at + n:
            return None
        kind, data, self.raw = self.raw[0] & 15, self.raw[at:at + n], self.raw[at + n:]
        return kind, data

    def recv(self, size):
        while True:
            frame = self.frame()
            if frame and frame[0] in (1, 2):
                return frame[1]
            if frame and frame[0] == 8:
                return b""
            if frame:
                continue
            more = super().recv(size)
            if not more:
                return b""
            self.raw += more

    def pending(self):
        return len(self.raw) > 0 or super().pending()


Base = siplib.Tcp


class Over(Base):
    proto = {"tls": "TLS", "ws": "WS", "wss": "WSS"}[OVER]

    def __init__(self, *_args, **_named):
        self.s = Web() if OVER in ("ws", "wss") else Plain()
        self.addr, self.buf, self.closed = self.s.getsockname(), b"", False

    def recv(self, t=2.0):
        # What was read ahead is there without the descriptor saying so.
        end = time.time() + t
        while self.s.pending():
            more = self.s.recv(65536)
            if not more:
                self.closed = True
                break
            self.buf += more
        return super().recv(max(0.01, end - time.time()))


siplib.Tcp = siplib.Udp = Over
siplib.result = lambda ok, why, code=None: (print("%s %s over %s: %s" % ("PASS" if ok else "FAIL", os.path.basename(CHECK), OVER, why), flush=True),
                                             sys.exit(0 if ok else 1))
sys.argv = [CHECK]
runpy.run_path(CHECK, run_name="__main__")
