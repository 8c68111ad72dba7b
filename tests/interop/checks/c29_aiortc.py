#!/usr/bin/env python3
"""aiortc (PyPI) as a SIP phone over WebSocket: its own ICE, DTLS-SRTP and Opus. Calls the echo (DEST_ECHO) and must hear itself (judged by what it received).
WSURL, HOST, SPEAKS (48 kHz wav), WAV (where the received audio goes), LISTEN_WEB (seconds)"""
import asyncio, os, random, re, sys
import websockets
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaPlayer, MediaRecorder

H = os.path.dirname(os.path.abspath(__file__))
WSURL = os.environ["WSURL"]; HOST = os.environ.get("HOST", "127.0.0.1"); DEST = os.environ.get("DEST_ECHO", "1001")
SPEAKS = os.environ.get("SPEAKS", H + "/../media/caller_long_48000.wav"); WAV = os.environ.get("WAV", "/tmp/aiortc.wav")
USER = os.environ.get("SIPUSER", "aiortc")
rid = lambda n=10: "%0*x" % (n, random.getrandbits(4 * n))

async def main():
    pc = RTCPeerConnection()
    pc.addTrack(MediaPlayer(SPEAKS).audio)
    recorder = MediaRecorder(WAV)
    pc.on("track", recorder.addTrack)
    await pc.setLocalDescription(await pc.createOffer())
    call, tag, uri = rid(16), rid(8), "sip:%s@%s" % (DEST, HOST)
    def request(method, cseq, target, to="", body="", branch=None):
        kind = "Content-Type: application/sdp\r\n" if body else ""
        return ("%s %s SIP/2.0\r\nVia: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK%s\r\nMax-Forwards: 70\r\nFrom: <sip:%s@%s>;tag=%s\r\nTo: <%s>%s\r\nCall-ID: %s\r\nCSeq: %d %s\r\n"
                "Contact: <sip:%s@df7jal23ls0d.invalid;transport=ws>\r\n%sContent-Length: %d\r\n\r\n%s") % (method, target, branch or rid(), USER, HOST, tag, uri, to, call, cseq, method, USER, kind, len(body), body)
    async with websockets.connect(WSURL, subprotocols=["sip"]) as ws:
        await ws.send(request("INVITE", 1, uri, body=pc.localDescription.sdp))
        while True:
            answer = await asyncio.wait_for(ws.recv(), 15)
            answer = answer if isinstance(answer, str) else answer.decode()
            status = int(answer.split(" ")[1])
            if status >= 200: break
        if status != 200: print("FAIL c29_aiortc.py: INVITE -> %d" % status); return 1
        to = ";tag=" + re.search(r"(?im)^To:.*;tag=([^;\r]+)", answer)[1]
        contact = re.search(r"(?im)^Contact:\s*<([^>]+)>", answer)[1]
        await ws.send(request("ACK", 1, contact, to))
        await pc.setRemoteDescription(RTCSessionDescription(answer.split("\r\n\r\n", 1)[1], "answer"))
        await recorder.start()
        await asyncio.sleep(float(os.environ.get("LISTEN_WEB", "9")))
        state = pc.connectionState
        await recorder.stop()
        await ws.send(request("BYE", 2, contact, to))
        await asyncio.wait_for(ws.recv(), 5)
    await pc.close()
    if state != "connected": print("FAIL c29_aiortc.py: the connection is %s" % state); return 1
    chk = await asyncio.create_subprocess_exec(os.environ.get("PYV", "python3"), H + "/../bin/audiochk.py", WAV, H + "/../media/caller_8000.wav", "--min", "0.5", stdout=-1)
    said = (await chk.communicate())[0].decode().strip()
    print("%s c29_aiortc.py: heard itself over DTLS-SRTP and Opus: %s" % ("PASS" if chk.returncode == 0 else "FAIL", said))
    return chk.returncode
result = asyncio.run(main()); sys.stdout.flush(); os._exit(result)
