#!/bin/sh
# Makes an account at the broker for a meter or gateway, and prints nothing but where its password lies.
#
#   sh docs/compose/add-meter.sh NAME
#
# NAME is the level of its topics by which the broker lets it write (collectors/mqtt/mosquitto.acl): `wmbusmeters` for
# wmbusmeters/kallaren, a device's id for tele/DEVICE/SENSOR. An account that is there keeps its password.
set -eu
cd "$(dirname "$0")/../.."
name=${1:-}

fail() { printf 'add-meter: %s\n' "$*" >&2; exit 1; }

case $name in
  "" | [.-]* | *[!A-Za-z0-9_.-]*) fail "a name of letters, digits, _ . - is needed, not begun with . or -: sh docs/compose/add-meter.sh NAME" ;;
  collector) fail "collector is the service's own account" ;;
esac
cd secrets 2> /dev/null || fail "there is no folder secrets: run docs/compose/first-start.sh first"
[ -s mosquitto_passwords ] || fail "secrets/mosquitto_passwords is missing: run docs/compose/first-start.sh first"

umask 022
mkdir -p meters
file=meters/$name
if [ ! -s "$file" ]; then
  openssl rand -hex 24 | tr -d '\n' > "$file.new"
  mv "$file.new" "$file"
fi

if ! cut -d : -f 1 mosquitto_passwords | grep -qxF "$name"; then
  hashed=$(printf '%s:%s\n' "$name" "$(cat "$file")" | docker run --rm --interactive --network none eclipse-mosquitto:2.0.22 \
    sh -c 'file=$(mktemp) && cat > "$file" && mosquitto_passwd -U "$file" && cat "$file" && rm "$file"')
  [ -n "$hashed" ] || fail "mosquitto_passwd gave nothing"
  # Appended, not replaced: the running broker has this very file mounted, and reads it again when told.
  printf '%s\n' "$hashed" >> mosquitto_passwords
  docker compose kill --signal HUP mosquitto > /dev/null 2>&1 || true # not running: it reads the file when it starts
fi
printf 'user %s, password in secrets/%s\n' "$name" "$file" >&2
