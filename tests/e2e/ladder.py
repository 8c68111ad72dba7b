"""The SIP of the calls of sipp_menu.sh: as the API gives it to an administrator and to an agent, as a capture file, and in the database.
  ladder.py asked     while the process lives
  ladder.py stored    after it ended
"""
import base64, glob, http.cookiejar, json, os, shutil, sqlite3, struct, subprocess, sys, urllib.error, urllib.request, zlib

CALLER, PROOF = "+4930123456", "5ec2e75ec2e75ec2e75ec2e75ec2e7aa"
DATA = os.environ["DATA"]


def get(path, opener=urllib.request.build_opener(), headers={"Authorization": f"Bearer {os.environ.get('API_KEY')}"}):
    return opener.open(urllib.request.Request(os.environ["HTTP"] + "/api/v1" + path, headers=headers)).read()


def agent():
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar(
        policy=http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https")))))
    body = json.dumps({"name": "alice", "password": os.environ["ALICE_PASSWORD"]}).encode()
    opener.open(urllib.request.Request(os.environ["HTTP"] + "/api/v1/session", body, {"Content-Type": "application/json", "X-Voxdesk": "1"}))
    return opener


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def payloads(capture):
    """What is in the datagrams, with every length and sum checked."""
    magic, major, minor, _, _, _, link = struct.unpack("<IHHiIII", capture[:24])
    assert (magic, major, minor, link) == (0xA1B2C3D4, 2, 4, 1)
    at, found = 24, []
    while at < len(capture):
        seconds, micros, kept, whole = struct.unpack("<IIII", capture[at:at + 16])
        frame = capture[at + 16:at + 16 + kept]
        assert kept == whole == len(frame) and frame[12:14] == b"\x08\x00", "IPv4 in Ethernet"
        ip = frame[14:]
        assert struct.unpack(">H", ip[2:4])[0] == len(ip) and checksum(ip[:20]) == 0xFFFF and ip[9] == 17
        udp = ip[20:]
        assert struct.unpack(">H", udp[4:6])[0] == len(udp) and checksum(ip[12:20] + b"\0\x11" + udp[4:6] + udp) == 0xFFFF
        found.append((seconds * 1_000_000 + micros, udp[8:]))
        at += 16 + kept
    return found


def asked():
    calls = json.loads(get("/conversations?limit=50"))["items"]
    call = calls[0]["id"]
    ladder = json.loads(get(f"/conversations/{call}/sip"))
    steps = [(one["direction"], one["summary"]) for one in ladder["items"]]
    expected = [("in", "INVITE"), ("out", "100 Trying"), ("out", "200 OK"), ("in", "ACK"), ("in", "INFO"), ("out", "200 OK"), ("in", "BYE"), ("out", "200 OK")]
    assert [one for one in steps if one[1] != "180 Ringing"] == expected, steps
    assert not ladder["masked"] and not ladder["cut"] and [one["leg"] for one in ladder["items"]] == [0] * len(steps)
    texts = [one["text"] for one in ladder["items"]]
    assert CALLER in texts[0] and ladder["items"][0]["from"].startswith("127.0.0.1:"), ladder["items"][0]
    assert sorted(one["at"] for one in ladder["items"]) == [one["at"] for one in ladder["items"]]
    assert not any(PROOF in text or "Signal=2" in text for text in texts) and any("Signal=x" in text for text in texts)
    print("  the administrator sees INVITE … BYE in order; the proof and the pressed key are nowhere in it")

    alice = agent()
    masked = json.loads(get(f"/conversations/{call}/sip", alice, {}))
    shown = json.dumps(masked)
    assert masked["masked"] and [(one["direction"], one["summary"]) for one in masked["items"]] == steps
    assert "4930123456" not in shown and "sipp@" not in shown and "sip:***@" in shown, shown
    try:
        get(f"/conversations/{call}/sip.pcap", alice, {})
        raise AssertionError("an agent took the capture file")
    except urllib.error.HTTPError as error:
        assert error.code == 403, error.code
    print("  an agent sees the same steps, and not who calls; the file is refused")

    capture = get(f"/conversations/{call}/sip.pcap")
    assert [payload.decode() for _, payload in payloads(capture)] == texts
    trail = json.loads(get("/audit?key=export.sip.pcap"))["items"]
    assert len(trail) == 1 and trail[0]["after"] == json.dumps(call) and trail[0]["by"] == "key:demo", trail
    print(f"  the capture file has the same {len(texts)} messages; who took it is in the audit trail")
    if shutil.which("tshark"):
        file = os.path.join(DATA, "sip.pcap")
        open(file, "wb").write(capture)
        fields = ["-T", "fields", "-e", "sip.Method", "-e", "sip.Status-Code", "-e", "udp.checksum.status", "-e", "ip.checksum.status"]
        read = subprocess.run(["tshark", "-o", "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-r", file, "-Y", "sip", *fields],
                              capture_output=True, text=True, check=True).stdout.splitlines()
        rows = [line.split("\t") for line in read]
        assert [row[0] or row[1] for row in rows] == [one["summary"].split()[0] for one in ladder["items"]], rows
        assert all(row[2:] == ["1", "1"] for row in rows), ("sums", rows)
        print("  tshark reads it: " + " ".join(row[0] or row[1] for row in rows))
    else:
        print("  (tshark is not installed: it was not asked to read the file)")


def stored():
    rows = sqlite3.connect(f"file:{DATA}/voxdesk.db?mode=ro", uri=True).execute("SELECT packed FROM sip_ladders").fetchall()
    assert len(rows) == 10, f"ladders of {len(rows)} calls"
    for (packed,) in rows:
        pressed = base64.b64decode(packed)
        assert pressed[:2] == b"\x01\x00", pressed[:2]
        book = zlib.decompress(pressed[2:], -15)
        assert CALLER.encode() in book and b"BYE sip:" in book
        assert PROOF.encode() not in book and b"Signal=2" not in book
    files = glob.glob(f"{DATA}/voxdesk.db*") + glob.glob(f"{DATA}/*.log*")
    assert files and not any(PROOF.encode() in open(file, "rb").read() for file in files)
    sizes = [len(packed) for (packed,) in rows]
    print(f"  ten ladders are stored, {sum(sizes) // len(sizes)} bytes each, and no proof in any file")


globals()[sys.argv[1]]()
