#!/usr/bin/env python3
"""results.jsonl -> markdown tables (min / median / max over repeats)."""
import json,sys,statistics as st,collections
f=sys.argv[1] if len(sys.argv)>1 else 'results.jsonl'
M=collections.OrderedDict(); S=collections.OrderedDict()
for l in open(f):
    try: d=json.loads(l)
    except Exception: continue
    if 'rate' in d: S.setdefault((d['label'],d['rate'],d['hold']),[]).append(d)
    else: M.setdefault(d['label'],[]).append(d)
def mm(v,fmt='%.2f'):
    v=[x for x in v if x is not None]
    return '-' if not v else (fmt%st.median(v) if len(v)==1 else ' / '.join(fmt%x for x in (min(v),st.median(v),max(v))))
g=lambda d,k,q:(d.get(k) or {}).get(q)
print('| case | calls | runs | answered/failed | CPU %/call (1 core=100) | server CPU % | others CPU % | RSS KB/call | rx pps (lost) | gap p99 ms | gap max ms | PDV p99 ms | latency p50 ms | latency p99 ms |'); print('|'+'---|'*14)
for k,v in M.items():
    if 'srv_cpu_pct' not in v[0]: continue
    print(f"| {k} | {v[0]['calls']} | {len(v)} | {sum(d['answered'] for d in v)}/{sum(d['failed'] for d in v)} | {mm([d['srv_cpu_pct_per_call'] for d in v],'%.3f')} | {mm([d['srv_cpu_pct'] for d in v],'%.1f')} | {mm([d['sys_busy_pct']-d['srv_cpu_pct']-d['tool_cpu_pct'] for d in v],'%.0f')} | {mm([d['rss_kb_per_call'] for d in v],'%.0f')} | {mm([d['rx_pps'] for d in v],'%.0f')} ({sum(d['rx_lost'] for d in v)}) | {mm([g(d,'gap_ms','p99') for d in v])} | {mm([g(d,'gap_ms','max') for d in v],'%.1f')} | {mm([g(d,'pdv_ms','p99') for d in v])} | {mm([g(d,'latency_ms','p50') for d in v],'%.3f')} | {mm([g(d,'latency_ms','p99') for d in v],'%.3f')} |")
print('\n| case | answer p50 ms | answer p99 | INVITE->agent INVITE p50 | p99 | DTLS-up p50 ms (from 200) | first RTP p50 ms (from 200) |'); print('|'+'---|'*7)
for k,v in M.items(): print(f"| {k} | "+' | '.join(mm([g(d,a,b) for d in v],'%.2f') for a,b in (('answer_ms','p50'),('answer_ms','p99'),('invite_to_agent_ms','p50'),('invite_to_agent_ms','p99'),('dtls_ms','p50'),('first_rtp_ms','p50')))+' |')
print('\n| queue case | calls | answered/failed | wall s | server CPU ms/call |'); print('|'+'---|'*5)
for k,v in M.items():
    if 'srv_cpu_ms_per_call' in v[0]: print(f"| {k} | {v[0]['calls']} | {sum(d['answered'] for d in v)}/{sum(d['failed'] for d in v)} | {mm([d['wall_s'] for d in v])} | {mm([d['srv_cpu_ms_per_call'] for d in v])} |")
print('\n| signalling | rate cps | hold ms | ok/failed | retrans | achieved cps | CPU ms/call | server CPU % | sipp CPU % | others CPU % | RSS MB | calls with INVITE->200 >=50 ms |'); print('|'+'---|'*12)
for (k,r,h),v in S.items():
    slow=[sum(n for b,n in d['hist'].items() if b in('<100','<200','<500','<1000','>=1000')) for d in v]
    print(f"| {k} | {r} | {h} | {sum(d['ok'] for d in v)}/{sum(d['failed'] for d in v)} | {sum(d['retrans'] for d in v)} | {mm([d['cps'] for d in v],'%.0f')} | {mm([d['srv_ms_per_call'] for d in v])} | {mm([d['srv_cpu_pct'] for d in v],'%.0f')} | {mm([d['sipp_cpu_pct'] for d in v],'%.0f')} | {mm([d['others_cpu_pct'] for d in v],'%.0f')} | {mm([d['rss_mb'] for d in v],'%.0f')} | {sum(slow)} |")
