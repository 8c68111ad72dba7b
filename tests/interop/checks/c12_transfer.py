#!/usr/bin/env python3
"""Transfers by a phone (RFC 3515, 3891, 4488), byte for byte: an agent's phone sends its customer to a number (blind) and to whom it consults (attended); another phone takes a call over
(INVITE with Replaces, digest). 202, NOTIFY sipfrag to its end, both sides heard afterwards by tone, one conversation with one ticket. Two agents: SIPUSER/SIPPASS and SIPUSER2/SIPPASS2; DEST plays without end; API is the base of the API, KEY its key"""
from siplib import *
import urllib.request,json,cmath
API=os.environ['API']; KEY=os.environ['KEY']; U2=os.environ['SIPUSER2']; P2=os.environ['SIPPASS2']; w=[]; n=[]
def api(p): return json.load(urllib.request.urlopen(urllib.request.Request(API+'/api/v1'+p,headers={'Authorization':'Bearer '+KEY}),timeout=5))
def tone(hz): return bytes(alaw(int(9000*math.sin(2*math.pi*hz*k/8000))) for k in range(8000))
class Tone(Rtp):
    """an Rtp that speaks one frequency"""
    def __init__(s,hz): super().__init__(); s.hz=hz; s.t=tone(hz)
    def pkt(s,pt=None,payload=None,marker=0): return super().pkt(pt,payload if payload is not None else s.t[(s.n*160)%8000:(s.n*160)%8000+160],marker)
def a2l(a):
    a^=0x55; t=(a&15)<<4; e=(a>>4)&7; t=t+8 if e==0 else (t+0x108)<<(e-1); return t if a&0x80 else -t
def share(r,hz,last=.6):
    """share of the energy of what r heard in the last seconds that is at hz"""
    x=[a2l(c) for t,b,a in r.media() if t>time.time()-last and b[1]&127==8 for c in b[12:]]
    if len(x)<1600: return 0
    c=sum(v*cmath.exp(-2j*math.pi*hz*k/8000) for k,v in enumerate(x)); e=sum(v*v for v in x); return 2*abs(c)**2/(len(x)*e) if e else 0
def hears(r,hz,t=4):
    end=time.time()+t
    while time.time()<end:
        if share(r,hz)>.5: return True
        time.sleep(.2)
    return False
class Phone:
    """an agent's phone: registers, answers, and keeps the dialog as one that was called"""
    def __init__(s,user,pw,hz):
        s.user=user; s.t=Udp(); s.r=Tone(hz); d=Dlg(s.t,user=user); d.target='sip:'+DOMAIN; d.to=d.frm='sip:%s@%s'%(user,DOMAIN); h=''
        for _ in(1,2):
            s.t.send(d.req('REGISTER',hdr=h+'Expires: 300\r\n')); m=d.wait(lambda m:m.code and m.code>=200,3)
            if m and m.code==401: h=digest(m,'REGISTER','sip:'+DOMAIN,user=user,pw=pw)
        if not m or m.code!=200: result(False,'%s cannot register: %s'%(user,m and m.start))
        s.pw=pw
    def answers(s,t=8):
        end=time.time()+t; inv=None
        while time.time()<end and not inv:
            m=s.t.recv(1)
            if m and m.code is None and m.method=='INVITE': inv=m
        if not inv: return None
        tag=rid(8); c='<sip:%s@%s:%d>'%(s.user,*s.t.addr); s.t.send(reply(inv,200,body=sdp(LOCAL,s.r.port,'8 101'),tag=tag,contact=c,hdr='Allow: INVITE, ACK, BYE, CANCEL, NOTIFY\r\n'),inv.src)
        f=lambda k: re.search(r'<([^>]+)>',inv.g(k)).group(1)
        d=Dlg(s.t,user=s.user); d.cid=inv.g('call-id'); d.ftag=tag; d.ttag=inv.tag('from'); d.frm=f('to'); d.to=f('from'); d.target=f('contact'); a=inv.sdp(); s.r.start((a[0],a[1])); s.d=d
        d.wait(lambda m:m.code is None and m.method=='ACK',2); return d
def refer(d,to,hdr=''):
    d.t.send(d.req('REFER',hdr='Refer-To: %s\r\nReferred-By: <%s>\r\n%s'%(to,d.frm,hdr))); k=d.cseq; seen=[]; code=None; end=time.time()+6
    while time.time()<end:
        m=d.t.recv(.5)
        if not m: continue
        if m.code and (m.g('cseq') or '')=='%d REFER'%k: code=m.code
        if code and code>=300: break
        if m.code is None and m.method=='NOTIFY':
            d.t.send(reply(m,200),m.src); seen.append((m.body.decode().split('\r\n')[0],(m.g('subscription-state') or '').split(';')[0],m.g('event')))
            if seen[-1][1]=='terminated': break
    return code,seen
def customer(to,hz):
    d=Dlg(Udp(),to=uri(to)); r=Tone(hz); i=d.req('INVITE',sdp(LOCAL,r.port,'8 101'),'X-Case: 4711\r\nUser-to-User: 56a1;encoding=hex\r\n'); d.t.send(i); d.inv=i; d.r=r; return d
def up(d):
    m=d.wait(lambda m:m.code and m.code>=200 and m.g('cseq')=='%d INVITE'%d.cseq,8)
    if not m or m.code!=200: result(False,'customer: '+(m.start if m else 'no answer'))
    d.learn(m); d.ack2xx(m); a=m.sdp(); d.r.start((a[0],a[1])); d.r.pt=8
def conversation(): 
    c=[c for c in api('/conversations?limit=50')['items'] if c['ended_at'] is None and c['channel']=='voice' and not c['caller'].startswith('aside')]; return c
def first_open(t=8):
    end=time.time()+t   # what is said on the wire is in the record a moment later
    while time.time()<end:
        c=conversation()
        if c and c[0]['ticket_id']: return c[0]
        time.sleep(.2)
    result(False,'the call is not in the record: %s'%conversation())
def end(*d):
    for x in d: x.bye(1)
    t=time.time()
    while conversation() and time.time()-t<8: time.sleep(.3)
alice=Phone(USER,PASS,500); bob=Phone(U2,P2,700); time.sleep(.5)
# ---- blind
c=customer(USER,900); a=alice.answers(); 
if not a: result(False,'the agent\'s phone does not ring')
up(c)
if not hears(alice.r,900): w.append('agent does not hear the customer before')
code,seen=refer(c,'<%s>'%uri(DEST)); 
if code!=403: w.append('REFER by the customer answered %s'%code)
code,seen=refer(a,'<sip:99999@%s>'%DOMAIN)
if code!=404 or seen: w.append('REFER to nobody answered %s %s'%(code,seen))
code,seen=refer(a,'<%s>'%uri(DEST)); n.append('blind %s %s'%(code,[s[0][8:] for s in seen]))
if code!=202 or [s[:2] for s in seen]!=[('SIP/2.0 100 Trying','active'),('SIP/2.0 200 OK','terminated')]: w.append('blind: %s %s'%(code,seen))
x=a.bye()
if not x or x.code!=200: w.append('BYE of the phone that transferred: %s'%(x and x.start))
time.sleep(1.5); k=len([1 for t,b,_ in c.r.media() if t>time.time()-1])
if k<40: w.append('the customer hears nothing after the blind transfer (%d packets)'%k)
if share(c.r,500)>.2: w.append('the customer still hears the first agent')
cv=conversation()
if len(cv)!=1: w.append('%d open conversations after the blind transfer'%len(cv))
else:
    one=api('/conversations/'+cv[0]['id']); codes=[e['text'] for e in one['entries'] if e['kind']=='event']; data=[e.get('detail') for e in one['entries'] if e['text']=='call_data']
    if 'transferred' not in codes: w.append('no event `transferred`: %s'%codes)
    if not data or '4711' not in json.dumps(data) or '56a1' not in json.dumps(data): w.append('headers of the INVITE are not in the conversation: %s'%data)
    if not one.get('ticket_id'): w.append('the ticket is gone')
end(c); c.r.stop()
# ---- attended
c=customer(USER,900); a=alice.answers(); up(c); first=alice.r; one=first_open(); tid=one['ticket_id']; cid=one['id']
alice.r=Tone(500); d2=Dlg(alice.t,to=uri(U2),user=USER); i=d2.req('INVITE',sdp(LOCAL,alice.r.port,'8 101')); alice.t.send(i); b=bob.answers(); m=d2.wait(lambda m:m.code and m.code>=200 and m.g('cseq')=='%d INVITE'%d2.cseq,6)
if not b or not m or m.code!=200: result(False,'consultation: %s'%(m and m.start))
d2.learn(m); d2.ack2xx(m); s2=m.sdp(); alice.r.start((s2[0],s2[1]))
if not hears(bob.r,500): w.append('bob does not hear alice while she consults')
q=lambda s: ''.join('%%%02X'%ord(k) if not (k.isalnum() or k in '-._') else k for k in s)
t0=threading.Thread(target=lambda:None); got={}
def moved():
    m=b.wait(lambda m:m.code is None and m.method=='INVITE',6,auto=False)
    if m: got['sdp']=m.sdp(); b.t.send(reply(m,200,body=sdp(LOCAL,bob.r.port,'8 101',ver=2),contact='<sip:%s@%s:%d>'%(U2,*b.t.addr)),m.src); bob.r.dst=got['sdp'][:2]
    b.wait(lambda m:m.code is None and m.method=='ACK',2)
t0=threading.Thread(target=moved); t0.start(); code,seen=refer(a,'<%s?Replaces=%s%%3Bto-tag%%3D%s%%3Bfrom-tag%%3D%s>'%(uri(U2),q(d2.cid),d2.ttag,d2.ftag)); t0.join(); n.append('attended %s %s'%(code,[s[0][8:] for s in seen]))
if code!=202 or not seen or seen[-1][:2]!=('SIP/2.0 200 OK','terminated'): w.append('attended: %s %s'%(code,seen))
if not got.get('sdp'): w.append('bob got no re-INVITE')
x=a.bye()
if not hears(bob.r,900): w.append('bob does not hear the customer after the attended transfer')
if not hears(c.r,700): w.append('the customer does not hear bob after the attended transfer')
if not any(m.method=='BYE' and m.code is None and m.g('call-id')==d2.cid for m in getattr(d2,'seen',[])+getattr(a,'seen',[])) and not d2.wait(lambda m:m.code is None and m.method=='BYE' and m.g('call-id')==d2.cid,2): w.append('the consultation was not ended')
cv=[x for x in conversation() if x['id']==cid]
if not cv or cv[0]['agent']!='bob' or cv[0]['ticket_id']!=tid: w.append('record after the attended transfer: %s'%cv)
# ---- another phone takes the call over
third=Udp(); r3=Tone(1100); d3=Dlg(third,to=uri(U2),user=USER); h='Replaces: %s;to-tag=%s;from-tag=%s\r\nRequire: replaces\r\n'%(b.cid,b.ttag,b.ftag); i=d3.req('INVITE',sdp(LOCAL,r3.port,'8 101'),h); third.send(i); m=d3.wait(lambda m:m.code and m.code>100,4)
if not m or m.code!=401: w.append('INVITE with Replaces without credentials: %s'%(m and m.start))
else:
    d3.ackfail(m,i); third.send(d3.req('INVITE',sdp(LOCAL,r3.port,'8 101'),h+digest(m,'INVITE',d3.target))); m=d3.wait(lambda m:m.code and m.code>=200 and m.g('cseq')=='%d INVITE'%d3.cseq,4)
    if not m or m.code!=200: w.append('INVITE with Replaces: %s'%(m and m.start))
    else:
        d3.learn(m); d3.ack2xx(m); s3=m.sdp(); r3.start((s3[0],s3[1])); x=b.wait(lambda m:m.code is None and m.method=='BYE',3)
        if not x: w.append('the replaced phone got no BYE')
        elif 'cause=200' not in (x.g('reason') or ''): w.append('its BYE lacks a Reason: %s'%x.g('reason'))
        if not hears(c.r,1100): w.append('the customer does not hear the phone that took over')
        if not hears(r3,900): w.append('the phone that took over does not hear the customer')
        n.append('taken over')
c.t.send(c.req('BYE',hdr='Reason: Q.850;cause=16;text="Normal call clearing"\r\n')); time.sleep(1.5)
one=api('/conversations/'+cid); said=[e.get('detail') for e in one['entries'] if e['text']=='peer_reason']
if one['ended_at'] is None: w.append('the conversation goes on after the customer left')
if 'cause=16' not in json.dumps(said): w.append('the Reason of the BYE is not in the record: %s'%said)
t=time.time()
while conversation() and time.time()-t<8: time.sleep(.3)
if conversation(): w.append('conversations left open: %s'%conversation())
for r in(c.r,first,alice.r,bob.r,r3): r.stop()
result(not w,'; '.join(w) or ', '.join(n))
