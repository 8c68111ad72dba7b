"""Brings the sound of calls that another system carries, as such systems do.

  observed.py audiosocket ADDR:PORT UUID WAV       as Asterisk's app_audiosocket: 20 ms of 8 kHz at a time, in real time; ends with a hang-up.
                                                   Prints `hung up` when the other side ends it first.
  observed.py websocket HTTP-URL KEY PATH WAV      a web socket of PCM: what the WAV has, 100 ms at a time, in real time; stereo is two sides.
"""
import base64
import os
import select
import socket
import struct
import sys
import time
import wave


def pieces(path, milliseconds):
    with wave.open(path) as wav:
        assert wav.getsampwidth() == 2
        frames = wav.getframerate() * milliseconds // 1000
        began, n = time.monotonic(), 0
        while piece := wav.readframes(frames):
            yield piece
            n += 1
            time.sleep(max(0, began + n * milliseconds / 1000 - time.monotonic()))


def connect(address):
    host, port = address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=10)


def audiosocket(address, name, path):
    line = connect(address)
    line.sendall(struct.pack("!BH", 0x01, 16) + bytes.fromhex(name.replace("-", "")))
    try:
        for piece in pieces(path, 20):
            if select.select([line], [], [], 0)[0]:
                break
            line.sendall(struct.pack("!BH", 0x10, len(piece)) + piece)
        line.sendall(struct.pack("!BHc", 0x03, 1, b"5"))
        line.sendall(struct.pack("!BH", 0x00, 0))
    except OSError:
        pass
    if line.recv(3) == b"\0\0\0":
        print("hung up")


def frame(line, opcode, payload):
    # RFC 6455 section 5.2: what a client sends is masked; a mask of zeros changes nothing.
    size = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, len(payload)) if len(payload) > 125 else bytes([0x80 | opcode, 0x80 | len(payload)])
    line.sendall(size + bytes(4) + payload)


def websocket(url, key, path, wav):
    host = url.split("//")[1].strip("/")
    line = connect(host)
    nonce = base64.b64encode(os.urandom(16)).decode()
    line.sendall(
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {nonce}\r\n"
        f"Sec-WebSocket-Version: 13\r\nAuthorization: Bearer {key}\r\n\r\n".encode()
    )
    answer = b""
    while b"\r\n\r\n" not in answer:
        got = line.recv(4096)
        assert got, "closed"
        answer += got
    status = answer.split(b"\r\n")[0].decode()
    if " 101 " not in status:
        sys.exit(status)
    for piece in pieces(wav, 100):
        frame(line, 2, piece)
    frame(line, 1, b'{"type":"end"}')
    line.settimeout(5)
    while line.recv(4096):
        pass


globals()[sys.argv[1]](*sys.argv[2:])
