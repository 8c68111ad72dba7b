"""What a scanner does, from the address LOCAL: `scanner.py guess` answers challenges with wrong passwords until nothing answers any more,
`scanner.py names` asks for a hundred names a second until then; `scanner.py answered` says whether OPTIONS is
answered over UDP; `scanner.py connects` the same over TCP, where a banned address finds its connection closed. The last two end with 0 for yes and 1 for no."""
import sys

from siplib import *

what = sys.argv[1]


def options(transport, patience):
    dialog = Dlg(transport)
    transport.send(dialog.req('OPTIONS'))
    return dialog.wait(lambda m: m.code and m.code >= 200, patience)


def register(transport, user, more=''):
    dialog = Dlg(transport, user=user)
    dialog.target, dialog.to = 'sip:' + DOMAIN, dialog.frm
    transport.send(dialog.req('REGISTER', hdr=more + 'Expires: 60\r\n'))
    return dialog.wait(lambda m: m.code and m.code >= 200, 1)


if what == 'guess':
    transport, tries = Udp(), 0
    while tries < 200:
        asked = register(transport, USER)
        if not asked:
            break
        tries += 1
        answer = register(transport, USER, digest(asked, 'REGISTER', 'sip:' + DOMAIN, bad=True))
        if answer and answer.code != 401:
            sys.exit('a wrong password was answered with ' + answer.start)
    print(f'  {LOCAL} guessed {tries} times before nothing answered')
    sys.exit(0 if 5 <= tries < 60 else 1)
if what == 'names':
    transport, silent, name, same = Udp(), 0, 100, set()
    while silent < 100 and name < 5000:
        dialog = Dlg(transport, user=str(name))
        dialog.target, dialog.to = 'sip:' + DOMAIN, dialog.frm
        transport.send(dialog.req('REGISTER', hdr='Expires: 60\r\n'))
        heard = transport.recv(0.01)
        silent, name = 0 if heard else silent + 1, name + 1
        if heard:
            same.add((heard.start, len(heard.all('www-authenticate'))))
    print(f'  {LOCAL} asked for {name - 100} names before nothing answered; answers: {sorted(same)}')
    sys.exit(0 if name < 5000 and len(same) == 1 else 1)
if what == 'answered':
    sys.exit(0 if options(Udp(), 2) else 1)
if what == 'connects':
    try:
        sys.exit(0 if options(Tcp(), 2) else 1)
    except OSError:
        sys.exit(1)
