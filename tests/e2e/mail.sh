#!/usr/bin/env bash
# Mail against a real server: exim takes and delivers, dovecot keeps the mailboxes (both of Debian, on free loopback ports, with configurations made here). A customer's
# letter with a file rings at alice, who answers; threads, a repeat, an out-of-office answer, our own letter, a letter that comes back; kill -9 and servers that are away.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
WORK=$(mktemp -d /tmp/voxdesk-mail-XXXXXX); chmod 755 "$WORK"
MAIL_USER=$(id -un)
SMTP=$(free_port); IMAP=$(free_port)
mkdir -p "$WORK"/{mail,exim/log,dovecot,flows} && cp "$ROOT/flows/main.toml" "$WORK/flows/"
# exim runs as a user of its own when root starts it.
EXIM_USER=$MAIL_USER; [ "$(id -u)" = 0 ] && EXIM_USER=Debian-exim
[ "$(id -u)" = 0 ] && chown -R Debian-exim "$WORK/mail" "$WORK/exim"
cat > "$WORK/exim.conf" <<CONF
primary_hostname = mx.shop.example
domainlist local_domains = shop.example : customer.example
spool_directory = $WORK/exim
log_file_path = $WORK/exim/log/%slog
local_interfaces = 127.0.0.1
daemon_smtp_ports = $SMTP
pid_file_path = $WORK/exim/exim.pid
exim_user = $EXIM_USER
exim_group = $(id -gn "$EXIM_USER")
never_users =
hosts_treat_as_local =
acl_smtp_rcpt = accept_all
acl_smtp_data = accept_data
tls_advertise_hosts =
queue_run_in_order = true
begin acl
accept_all:
  deny message = no such customer
       recipients = nobody@customer.example
  accept
accept_data:
  accept
begin routers
gone:
  driver = redirect
  domains = +local_domains
  local_parts = moved
  allow_fail
  data = :fail: mailbox is gone
here:
  driver = accept
  domains = +local_domains
  local_parts = help : ann : bot
  transport = maildir
begin transports
maildir:
  driver = appendfile
  directory = $WORK/mail/\$local_part_data
  maildir_format
  user = $EXIM_USER
  group = $(id -gn "$EXIM_USER")
  mode = 0660
begin retry
* * F,1h,1s
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = \${if and{{eq{\$auth2}{help}}{eq{\$auth3}{post-secret}}}}
  server_set_id = \$auth2
CONF
cat > "$WORK/dovecot.conf" <<CONF
base_dir = $WORK/dovecot
state_dir = $WORK/dovecot
log_path = $WORK/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:$WORK/mail/%n
first_valid_uid = 0
default_internal_user = $([ "$(id -u)" = 0 ] && echo dovecot || echo "$MAIL_USER")
default_login_user = $([ "$(id -u)" = 0 ] && echo dovenull || echo "$MAIL_USER")
passdb {
  driver = static
  args = password=fetch-secret
}
userdb {
  driver = static
  args = uid=$(id -u "$EXIM_USER") gid=$(id -g "$EXIM_USER") home=$WORK/mail/%n
}
service imap-login {
  inet_listener imap {
    port = $IMAP
  }
  inet_listener imaps {
    port = 0
  }
}
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
CONF
start_mail() {
  exim4 -C "$WORK/exim.conf" -bdf -q1s >"$WORK/exim.out" 2>&1 & EXIM_PID=$!
  dovecot -F -c "$WORK/dovecot.conf" >"$WORK/dovecot.out" 2>&1 & DOVECOT_PID=$!
  for _ in $(seq 100); do (: <"/dev/tcp/127.0.0.1/$SMTP" && : <"/dev/tcp/127.0.0.1/$IMAP") 2>/dev/null && return 0; sleep 0.1; done
  echo "the mail servers did not start"; cat "$WORK/exim.out" "$WORK/dovecot.out" "$WORK/dovecot.log" "$WORK"/exim/log/* 2>/dev/null; return 1
}
stop_mail() { kill "$EXIM_PID" "$DOVECOT_PID" 2>/dev/null; wait "$EXIM_PID" "$DOVECOT_PID" 2>/dev/null; }
sed 's/^model = "base"$/enabled = false/' "$ROOT/gateway/demo/demo.toml" > "$WORK/center.toml"
cat >> "$WORK/center.toml" <<TOML

[[channels]]
name = "help"
kind = "mail"
entry = "chat"
address = "help@shop.example"
display_name = "Shop 客服"
imap = "127.0.0.1:$IMAP"
imap_security = "plain"
imap_user = "help"
imap_password = "fetch-secret"
smtp = "127.0.0.1:$SMTP"
smtp_security = "plain"
smtp_user = "help"
smtp_password = "post-secret"
TOML
CONFIG_FLAGS="--config $WORK/center.toml"
start_mail || exit 1
start_demo || { stop_mail; exit 1; }
trap 'stop_demo; stop_mail; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
export HTTP API_KEY ROOT WORK SMTP
export SCREENSHOTS=${SCREENSHOTS:-$ROOT/out/screenshots}
export ALICE_PASSWORD; ALICE_PASSWORD=$(demo_value "[u for u in d['users'] if u['name']=='alice'][0]['password']")
PHASE=1 timeout 90 node "$ROOT/tests/e2e/mail.mjs" || { tail -n 15 "$LOG"; tail -n 5 "$WORK"/exim/log/mainlog; exit 1; }
# The mail server is away while the process is killed; a letter comes meanwhile; all is made up for.
kill -KILL "$VOXDESK_PID"; wait "$VOXDESK_PID" 2>/dev/null
start_demo || exit 1
PHASE=2 timeout 60 node "$ROOT/tests/e2e/mail.mjs" || { tail -n 15 "$LOG"; tail -n 5 "$WORK"/exim/log/mainlog; exit 1; }
failed=0
grep -aE 'panicked' "$LOG" && failed=1
grep -aE 'fetch-secret|post-secret|ann@customer|broken lamp' "$LOG" && { echo "personal data in the log"; failed=1; }
exit $failed
