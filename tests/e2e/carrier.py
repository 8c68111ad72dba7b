#!/usr/bin/env python3
"""A carrier for tests: registrar and callee on one UDP port. carrier.py PORT USER PASSWORD SPEECH.wav HEARD.wav EVENTS

Wants a proof (SHA-256, qop=auth) for REGISTER and INVITE, sends what is spoken from before the answer on (183), answers twice with
two tags (a fork that answers late), and writes down what it saw, one line each, as it happens."""
import hashlib, os, random, re, socket, struct, sys, threading, time, wave

PORT, USER, PASSWORD, SPEECH, HEARD, EVENTS = int(sys.argv[1]), *sys.argv[2:7]
sip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); sip.bind(("127.0.0.1", PORT))
rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); rtp.bind(("127.0.0.1", 0))
events = open(EVENTS, "a", buffering=1)
say = lambda text: events.write(text + "\n")
head = lambda message, name: (re.search(r"(?im)^%s\s*:\s*(.*)$" % name, message) or [None, ""])[1].strip()
sha = lambda *parts: hashlib.sha256(":".join(parts).encode()).hexdigest()
NONCE, REALM = "n%08x" % random.getrandbits(32), "carrier.test"

def proven(message, name):
    proof = head(message, name)
    of = lambda key: (re.search(r'\b%s="?([^",]*)' % key, proof) or [None, ""])[1]
    if not proof or of("nonce") != NONCE or of("username") != USER: return False
    method = message.split(" ", 1)[0]
    expected = sha(sha(USER, REALM, PASSWORD), NONCE, of("nc"), of("cnonce"), "auth", sha(method, of("uri")))
    return of("response") == expected

def reply(message, source, status, tag="", more="", body=""):
    lines = ["SIP/2.0 %d X" % status] + ["Via: " + via for via in re.findall(r"(?im)^Via:\s*(.*)$", message)]
    to = head(message, "To")
    lines += ["From: " + head(message, "From"), "To: " + to + (";tag=" + tag if tag and ";tag=" not in to else ""),
              "Call-ID: " + head(message, "Call-ID"), "CSeq: " + head(message, "CSeq")]
    if body: more += "Content-Type: application/sdp\r\n"
    text = "\r\n".join(lines) + "\r\n" + more + "Content-Length: %d\r\n\r\n" % len(body) + body
    sip.sendto(text.encode(), source)

def ulaw(sample):
    sign = 0x80 if sample < 0 else 0
    sample = min(abs(sample), 32635) + 132
    exponent = max(7 - (15 - sample.bit_length() + 1), 0) if sample >= 256 else 0
    return ~(sign | exponent << 4 | (sample >> (exponent + 3) & 15)) & 255

def linear(byte):
    byte = ~byte & 255
    sample = (((byte & 15) << 3) + 132 << (byte >> 4 & 7)) - 132
    return -sample if byte & 0x80 else sample

over = threading.Event()
def speak(to):
    with wave.open(SPEECH) as f: samples = struct.unpack("<%dh" % f.getnframes(), f.readframes(f.getnframes()))
    coded = bytes(ulaw(s) for s in samples)
    n, began = 0, time.monotonic()
    while not over.is_set():
        at = n * 160 % (len(coded) - 160)
        rtp.sendto(struct.pack("!BBHII", 0x80, 0, n & 65535, n * 160 & 0xffffffff, 7) + coded[at:at + 160], to)
        n += 1
        time.sleep(max(0, began + n * 0.02 - time.monotonic()))

def hear():
    with wave.open(HEARD, "wb") as f:
        f.setparams((1, 2, 8000, 0, "NONE", "")); rtp.settimeout(0.5)
        while not over.is_set():
            try: packet = rtp.recv(2048)
            except socket.timeout: continue
            if packet[1] & 127 == 0: f.writeframes(struct.pack("<%dh" % (len(packet) - 12), *map(linear, packet[12:])))

def call(message, source):
    sdp = message.split("\r\n\r\n", 1)[1]
    to = (re.search(r"c=IN IP4 (\S+)", sdp)[1], int(re.search(r"m=audio (\d+)", sdp)[1]))
    body = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio %d RTP/AVP 0\r\n" % rtp.getsockname()[1]
    contact = "Contact: <sip:callee@127.0.0.1:%d>\r\n" % PORT
    threading.Thread(target=speak, args=(to,), daemon=True).start(); threading.Thread(target=hear, daemon=True).start()
    reply(message, source, 183, "one", contact, body)
    time.sleep(7)
    reply(message, source, 200, "one", contact, body)
    reply(message, source, 200, "two", contact, body)

asked = set()
while True:
    data, source = sip.recvfrom(65535)
    message = data.decode("utf-8", "replace")
    method, cseq, to = message.split(" ", 1)[0], head(message, "CSeq"), head(message, "To")
    tag = (re.search(r";tag=(\w+)", to) or [None, "-"])[1]
    if method == "OPTIONS": reply(message, source, 200, "o")
    elif method == "REGISTER":
        challenge = 'WWW-Authenticate: Digest realm="%s", nonce="%s", algorithm=SHA-256, qop="auth"\r\n' % (REALM, NONCE)
        if not proven(message, "Authorization"): say("register unproven"); reply(message, source, 401, "r", challenge)
        else:
            say("register proven expires=" + head(message, "Expires"))
            reply(message, source, 200, "r", "Contact: %s;expires=%s\r\n" % (head(message, "Contact"), head(message, "Expires")))
    elif method == "INVITE" and (head(message, "Call-ID"), cseq) not in asked:
        asked.add((head(message, "Call-ID"), cseq))
        challenge = 'Proxy-Authenticate: Digest realm="%s", nonce="%s", algorithm=SHA-256, qop="auth"\r\n' % (REALM, NONCE)
        if not proven(message, "Proxy-Authorization"): say("invite unproven"); reply(message, source, 407, "q", challenge)
        else:
            say("invite proven uri=%s from=%s account=%s" % (message.split(" ", 2)[1], head(message, "From").split(";")[0], head(message, "X-Account")))
            threading.Thread(target=call, args=(message, source), daemon=True).start()
    elif method == "ACK": say("ack " + tag)
    elif method == "BYE":
        say("bye " + tag); reply(message, source, 200)
        if tag == "one": over.set()
    elif method == "CANCEL": say("cancel"); reply(message, source, 200)
