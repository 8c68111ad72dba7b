#!/usr/bin/env bash
# Installs what a task needs: need.sh run|test|call|bench. Debian packages by apt where that is allowed, else a list of what to install.
set -euo pipefail
task=${1:?run, test, call or bench}

build="build-essential cmake pkg-config"
voice="espeak-ng"
pull="python3 python3-pip"
# dnsmasq-base answers for the carrier of tests/e2e/trunks.sh.
phones="sip-tester sipsak baresip-core baresip-ffmpeg sox iproute2 dnsmasq-base python3-venv"
speech="asterisk-core-sounds-en-wav pocketsphinx-testdata"
# Chinese pages are looked at as pictures: without a font they are boxes.
fonts="fonts-wqy-microhei"
case $task in
  run) packages="$build $voice $pull" ;;
  call) packages="baresip-core sox asterisk-core-sounds-en-wav" ;;
  test) packages="$build $voice $pull $phones $speech $fonts chromium coturn dovecot-imapd exim4-daemon-light ffmpeg postgresql python3-numpy python3-scipy" ;;
  bench) packages="$build $voice $pull sip-tester iproute2 libopus-dev libssl-dev libsrtp2-dev" ;;
  *) echo "need.sh: unknown task $task" >&2; exit 2 ;;
esac

missing=()
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  sudo=""
  [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null && sudo="sudo"; }
  if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || [ -n "$sudo" ]; }; then
    echo "== installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    $sudo apt-get update -qq
    $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    printf 'These Debian packages are missing, and this user may not install them:\n\n  sudo apt-get install %s\n\n' "${missing[*]}" >&2
    exit 1
  fi
fi
[ "$task" = call ] && exit 0

# What Vite runs on: ^20.19 or >=22.12.
node_fits() {
  case $1 in
    20.*) version_at_least "$1" 20.19.0 ;;
    *) version_at_least "$1" 22.12.0 ;;
  esac
}
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }
wrong=0
if ! command -v cargo >/dev/null; then
  echo "Rust is missing: install rustup (packaged as 'rustup' in Debian 13, or from the Rust project's site), then: rustup toolchain install 1.95" >&2; wrong=1
else
  rust=$(rustc --version | cut -d' ' -f2)
  version_at_least "$rust" 1.95.0 || { echo "Rust $rust was found; 1.95 or newer is needed: rustup toolchain install 1.95 && rustup default 1.95" >&2; wrong=1; }
fi
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "Node.js is missing: install Node 20.19 or a later 20, or 22.12 or newer, with npm (Debian 13 packages it as nodejs and npm; for Debian 12 use the Node project's packages)" >&2; wrong=1
else
  node=$(node --version | tr -d v)
  node_fits "$node" || { echo "Node $node was found; 20.19 or a later 20, or 22.12 or newer, is needed" >&2; wrong=1; }
fi
exit $wrong
