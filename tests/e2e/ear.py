"""Hears for phones that cannot keep what they heard: `ear.py DIR [ADDRESS]` prints the UDP port it listens on, then writes what each sender of G.711 µ-law RTP said to
DIR/SENDER-PORT.wav when it is told to end (TERM)."""
import signal
import socket
import struct
import sys
import wave


def linear(octet):
    """G.711 table 2a: one octet of µ-law as a 16-bit sample."""
    octet ^= 0xFF
    magnitude = (((octet & 0x0F) << 3) + 0x84 << ((octet & 0x70) >> 4)) - 0x84
    return -magnitude if octet & 0x80 else magnitude


SAMPLES = [struct.pack("<h", linear(octet)) for octet in range(256)]
out = sys.argv[1]
address = sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1"
ear = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
ear.bind((address, 0))
print(ear.getsockname()[1], flush=True)
heard = {}


def keep(*_):
    for port, packets in heard.items():
        # By time stamp, so that a lost or late packet leaves its own gap and moves nothing else.
        first = min(packets)
        sound = bytearray(b"\xff" * (max(packets) - first + 160))
        for stamp, payload in packets.items():
            sound[stamp - first : stamp - first + len(payload)] = payload
        with wave.open(f"{out}/{port}.wav", "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(8000)
            wav.writeframes(b"".join(SAMPLES[octet] for octet in sound))
    sys.exit(0)


signal.signal(signal.SIGTERM, keep)
while True:
    packet, sender = ear.recvfrom(2048)
    if len(packet) > 12 and packet[1] & 0x7F == 0:
        stamp = struct.unpack("!I", packet[4:8])[0]
        heard.setdefault(sender[1], {})[stamp] = packet[12:]
