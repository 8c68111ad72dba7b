#!/usr/bin/env python3
"""PJSUA2 (PyPI pjsua2-python) as a phone: registers with SIPUSER/SIPPASS, calls the echo (DEST_ECHO) and must hear itself (judged by what it received); digest, codec and BYE are its own.
HOST, PORT, SIPUSER, SIPPASS, SPEAKS (8 kHz wav), WAV, LISTEN (seconds)"""
import os, subprocess, sys, time
import pjsua2 as pj

H = os.path.dirname(os.path.abspath(__file__))
HOST = os.environ.get("HOST", "127.0.0.1"); PORT = os.environ.get("PORT", "5060"); DEST = os.environ.get("DEST_ECHO", "1001")
USER = os.environ["SIPUSER"]; PASSWORD = os.environ["SIPPASS"]
SPEAKS = os.environ.get("SPEAKS", H + "/../media/caller_long_8000.wav"); WAV = os.environ.get("WAV", "/tmp/pjsua2.wav")

class Account(pj.Account):
    code = 0
    def onRegState(self, prm): self.code = prm.code

class Call(pj.Call):
    state, codec, ended, why = None, "", False, ""
    def onCallState(self, prm):
        info = self.getInfo(); self.state = info.state
        if info.state == pj.PJSIP_INV_STATE_DISCONNECTED: self.ended, self.why = True, "%d %s" % (info.lastStatusCode, info.lastReason)
    def onCallMediaState(self, prm):
        try: self.connect()
        except Exception as error: self.ended, self.why = True, "media: %r" % error
    def connect(self):
        info = self.getInfo()
        for n, media in enumerate(info.media):
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
                audio = self.getAudioMedia(n); player.startTransmit(audio); audio.startTransmit(recorder)
                self.codec = self.getStreamInfo(n).codecName

def fail(why): print("FAIL c30_pjsua2.py: " + why); os._exit(1)
def until(check, seconds):
    end = time.time() + seconds
    while time.time() < end:
        if check(): return True
        endpoint.libHandleEvents(20)
    return False

endpoint = pj.Endpoint(); endpoint.libCreate()
config = pj.EpConfig(); config.logConfig.level = config.logConfig.consoleLevel = int(os.environ.get("PJLOG", "0")); config.medConfig.ecTailLen = 0
# Everything in this thread: callbacks of a foreign one are lost in Python.
config.uaConfig.threadCnt = 0; config.uaConfig.mainThreadOnly = True
endpoint.libInit(config)
transport = pj.TransportConfig(); transport.boundAddress = "127.0.0.1"
endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport); endpoint.libStart(); endpoint.audDevManager().setNullDev()
settings = pj.AccountConfig(); settings.idUri = "sip:%s@%s:%s" % (USER, HOST, PORT); settings.regConfig.registrarUri = "sip:%s:%s" % (HOST, PORT)
settings.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", USER, 0, PASSWORD))
settings.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
account = Account(); account.create(settings)
if not until(lambda: account.code, 8) or account.code != 200: fail("REGISTER -> %s" % account.code)
player = pj.AudioMediaPlayer(); player.createPlayer(SPEAKS)
recorder = pj.AudioMediaRecorder(); recorder.createRecorder(WAV)
call = Call(account); prm = pj.CallOpParam(True)
call.makeCall("sip:%s@%s:%s" % (DEST, HOST, PORT), prm)
if not until(lambda: call.codec or call.ended, 8) or call.ended: fail("no call: state %s codec %r %s" % (call.state, call.codec, call.why))
until(lambda: call.ended, float(os.environ.get("LISTEN", "8")))
if call.ended: fail("the call ended by itself: " + call.why)
call.hangup(pj.CallOpParam())
if not until(lambda: call.ended, 5): fail("no end of the call")
codec = call.codec
account.setRegistration(False); until(lambda: not account.getInfo().regIsActive, 3)
del recorder
time.sleep(.3)
said = subprocess.run([os.environ.get("PYV", "python3"), H + "/../bin/audiochk.py", WAV, H + "/../media/caller_8000.wav", "--min", "0.5"], capture_output=True, text=True)
print("%s c30_pjsua2.py: registered, heard itself in %s: %s" % ("PASS" if said.returncode == 0 else "FAIL", codec, said.stdout.strip()), flush=True)
os._exit(said.returncode)
