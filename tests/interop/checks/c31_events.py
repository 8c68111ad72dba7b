#!/usr/bin/env python3
"""Busy lamps (RFC 6665, 4235, 3842): a phone subscribes to `dialog` of an extension with digest and sees early, confirmed and terminated while a real call rings that extension's phone, is answered and ends;
489 for an unknown package, 423, a wrong password, another's messages, refresh and the end by Expires: 0. Two agents: SIPUSER/SIPPASS watches nobody's secrets, SIPUSER2/SIPPASS2 holds the lamp"""
from siplib import *
U2=os.environ['SIPUSER2']; P2=os.environ['SIPPASS2']; w=[]; n=[]
class Watch:
    """one subscription of SIPUSER2"""
    def __init__(s,whom,event,accept=''):
        s.t=Udp(); s.event=event; s.accept=accept; s.d=Dlg(s.t,to=uri(whom),user=U2); s.notes=[]
    def ask(s,expires,pw=P2,event=None):
        """the final answer; NOTIFYs that come meanwhile are kept and answered"""
        h=''
        for _ in (1,2):
            target=s.d.target; s.t.send(s.d.req('SUBSCRIBE',hdr=h+'Event: %s\r\nExpires: %s\r\n%s'%(event or s.event,expires,s.accept))); m=s.until(lambda m:m.code and m.code>=200 and m.g('cseq')=='%d SUBSCRIBE'%s.d.cseq,5)
            if m and m.code==401 and not h: h=digest(m,'SUBSCRIBE',target,user=U2,pw=pw); continue
            break
        if m and m.code==200: s.d.learn(m)
        return m
    def until(s,pred,t):
        end=time.time()+t
        while time.time()<end:
            m=s.t.recv(max(.01,end-time.time()))
            if not m: continue
            if m.method=='NOTIFY' and m.code is None: s.t.send(reply(m,200),m.src); s.notes.append(m)
            if pred(m): return m
    def note(s,what,t=8):
        """the next NOTIFY not looked at yet that what() is true of"""
        end=time.time()+t
        while True:
            while s.notes:
                m=s.notes.pop(0)
                if what(m): return m
            if time.time()>=end: return None
            s.until(lambda m:m.method=='NOTIFY' and m.code is None,max(.05,min(1,end-time.time())))
def states(m): return re.findall(r'<dialog [^>]*direction="(\w+)"[^>]*>\s*<state>(\w+)</state>',m.body.decode())
def version(m): return int(re.search(r'<dialog-info[^>]* version="(\d+)"',m.body.decode()).group(1))
# ---- SIPUSER's phone
phone=Udp(); r=Rtp(); d=Dlg(phone); d.target='sip:'+DOMAIN; d.to=d.frm='sip:%s@%s'%(USER,DOMAIN); h=''
for _ in (1,2):
    phone.send(d.req('REGISTER',hdr=h+'Expires: 300\r\n')); m=d.wait(lambda m:m.code and m.code>=200,3)
    if m and m.code==401: h=digest(m,'REGISTER','sip:'+DOMAIN)
if not m or m.code!=200: result(False,'%s cannot register: %s'%(USER,m and m.start))
# ---- the lamp
lamp=Watch(USER,'dialog'); m=lamp.ask(30)
if not m or m.code!=423 or not m.g('min-expires'): w.append('Expires: 30 answered %s'%(m and m.start))
m=Watch(USER,'dialog').ask(600,pw='wrong')
if not m or m.code!=401: w.append('a wrong password answered %s'%(m and m.start))
m=Watch(USER,'conference').ask(600)
if not m or m.code!=489 or 'dialog' not in (m.g('allow-events') or ''): w.append('an unknown package answered %s'%(m and m.start))
m=Watch(USER,'message-summary').ask(600)
if not m or m.code!=403: w.append("another's messages answered %s"%(m and m.start))
mail=Watch(U2,'message-summary'); m=mail.ask(600); first=mail.note(lambda m:True,3)
if not first or b'Messages-Waiting:' not in first.body or b'Voice-Message:' not in first.body: w.append('no message summary: %s'%(first and first.body))
m=lamp.ask(600)
if not m or m.code!=200 or not m.g('expires'): result(False,'SUBSCRIBE answered %s'%(m and m.start))
first=lamp.note(lambda m:True,3)
if not first: result(False,'no NOTIFY at once')
if (first.g('event'),first.g('content-type'))!=('dialog','application/dialog-info+xml') or not (first.g('subscription-state') or '').startswith('active;expires='): w.append('first NOTIFY: %s'%first.h)
if 'state="full"' not in first.body.decode() or states(first): w.append('first document: %s'%first.body)
# ---- a call rings, is answered, ends
c=Dlg(Udp(),to=uri(USER),user='lamptest'); rc=Rtp(); c.t.send(c.req('INVITE',sdp(LOCAL,rc.port,'8'))); inv=None; end=time.time()+10
while time.time()<end and not inv:
    m=phone.recv(1)
    if m and m.code is None and m.method=='INVITE': inv=m
if not inv: result(False,"the extension's phone does not ring")
contact='<sip:%s@%s:%d>'%(USER,*phone.addr); phone.send(reply(inv,180,tag='lamp',contact=contact),inv.src)
m=lamp.note(lambda m:('recipient','early') in states(m))
if not m: w.append('the lamp does not blink')
else: n.append('early'); v=version(m)
phone.send(reply(inv,200,body=sdp(LOCAL,r.port,'8'),tag='lamp',contact=contact),inv.src); a=inv.sdp(); r.start((a[0],a[1]))
m=lamp.note(lambda m:('recipient','confirmed') in states(m))
if not m: w.append('the lamp does not shine')
else: n.append('confirmed')
m=c.wait(lambda m:m.code and m.code>=200 and m.g('cseq')=='%d INVITE'%c.cseq,8)
if not m or m.code!=200: result(False,'the call: %s'%(m and m.start))
c.learn(m); c.ack2xx(m); again=lamp.ask(900)
if not again or again.code!=200: w.append('refresh answered %s'%(again and again.start))
elif not lamp.note(lambda m:('recipient','confirmed') in states(m),3): w.append('a refresh does not tell the state')
c.bye(); end=time.time()+6
while time.time()<end:
    m=phone.recv(.5)
    if m and m.code is None and m.method=='BYE': phone.send(reply(m,200),m.src); break
m=lamp.note(lambda m:any(s[1]=='terminated' for s in states(m)) and not any(s[1] in('early','confirmed') for s in states(m)))
if not m: w.append('the lamp stays on')
else:
    n.append('terminated')
    if n==['early','confirmed','terminated'] and version(m)<=v: w.append('versions do not grow')
m=lamp.ask(0); last=lamp.note(lambda m:(m.g('subscription-state') or '').startswith('terminated'),3)
if not m or m.code!=200 or not last: w.append('the end: %s %s'%(m and m.start,last and last.g('subscription-state')))
m=lamp.ask(600)
if not m or m.code!=481: w.append('a refresh after the end answered %s'%(m and m.start))
mail.ask(0); r.stop(); rc.stop()
result(not w,'; '.join(w) or ', '.join(n))
