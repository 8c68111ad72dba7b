"""The phones of answers.sh, byte by byte."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../interop/checks"))
from siplib import LOCAL, Dlg, Rtp, Udp, call, reply, save_wav, sdp, threading, time, uri

WORK = os.environ["WORK"]


def tell(what):
    print(f"  {what}", flush=True)


def expect(got, status, what):
    assert got is not None, f"{what}: no answer"
    assert got.code == status, f"{what}: {got.start}"
    tell(f"{what}: {got.start.removeprefix('SIP/2.0 ')}")
    return got


def late_offer():
    dialog, rtp = Dlg(Udp(), to=uri("1000")), Rtp()
    answered = expect(dialog.invite("", ack=False), 200, "INVITE without an offer")
    address, port, _, codecs = answered.sdp()
    assert "0" in codecs, f"the offer has no G.711: {codecs}"
    dialog.t.send(dialog.req("ACK", sdp(LOCAL, rtp.port, "0"), cseq=int(answered.g("cseq").split()[0])))
    rtp.pt = 0
    rtp.start((address, port))
    time.sleep(7)
    expect(dialog.bye(), 200, "BYE")
    save_wav(rtp, f"{WORK}/late.wav")
    rtp.stop()


def goodbye():
    dialog, _, rtp = call(to=uri("1007"), fmt="0")
    assert dialog.wait(lambda m: m.method == "BYE" and m.code is None, 20), "1007 does not hang up"
    save_wav(rtp, f"{WORK}/heard_goodbye.wav")
    rtp.stop()
    tell("1007 hangs up")


def alice(socket, rtp):
    """Answers the first call, and every BYE; a second call at her phone fails the test."""
    answered = None
    while True:
        message = socket.recv(60)
        if message is None:
            return
        if message.method == "INVITE" and message.code is None:
            if answered not in (None, message.g("call-id")):
                print("  FAIL alice's phone rings while she talks", flush=True)
                os._exit(1)
            if answered is None:
                address, port, _, _ = message.sdp()
                rtp.start((address, port))
            answered = message.g("call-id")
            contact = f"<sip:alice@127.0.0.1:{socket.addr[1]}>"
            socket.send(reply(message, 200, body=sdp(LOCAL, rtp.port, "8"), tag="alice", contact=contact), message.src)
        elif message.code is None and message.method != "ACK":
            socket.send(reply(message, 200), message.src)


late_offer()
goodbye()
threading.Thread(target=alice, args=(Udp(int(os.environ["ALICE"])), Rtp()), daemon=True).start()
first, _, first_rtp = call(to=uri("1101"), fmt="8")
tell("1101: alice answers")
busy = Dlg(Udp(), to=uri("1101"))
expect(busy.invite(sdp(LOCAL, 40000)), 486, "1101 while alice talks")
second, _, second_rtp = call(to=uri("1002"))
refused = expect(Dlg(Udp(), to=uri("1002")).invite(sdp(LOCAL, 40000)), 503, "one call too many")
assert (refused.g("retry-after") or "").split(";")[0].strip().isdigit(), "503 without Retry-After"
expect(second.bye(), 200, "one of them leaves")
for _ in range(20):
    third = Dlg(Udp(), to=uri("1002"))
    answer = third.invite(sdp(LOCAL, 40000))
    if answer is not None and answer.code == 200:
        break
    time.sleep(0.1)
expect(answer, 200, "there is room again")
third.bye()
# The caller falls silent: what is heard now is alice, and no echo.
first_rtp.send_on = False
time.sleep(0.5)
since = time.time()
time.sleep(2)
expect(first.bye(), 200, "who talked with alice leaves")
save_wav(first_rtp, f"{WORK}/from_alice.wav", since=since)
