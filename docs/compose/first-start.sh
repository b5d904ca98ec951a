#!/bin/sh
# Makes what docker-compose.yml needs before its first start: every secret, the broker's certificate and InfluxDB's tokens.
#
#   sh docs/compose/first-start.sh [BROKER_NAME]
#
# BROKER_NAME is the name by which meters reach the broker; it goes into its certificate. What is there already stays as it is: run it
# again after an interruption, or after deleting the one file that shall be made anew. Needs docker compose and openssl.
set -eu
cd "$(dirname "$0")/../.."
broker_name=${1:-localhost}

# The folder keeps others of this machine out; the files must be readable for the users inside the containers.
umask 022
mkdir -p secrets
chmod 0700 secrets
cd secrets

say() { printf '%s\n' "$*" >&2; }
fail() { say "first-start: $*"; exit 1; }
absent() { [ ! -s "$1" ]; }
keep() { cat > "$1.new" && [ -s "$1.new" ] && mv "$1.new" "$1" && say "made secrets/$1"; } # all of it or nothing
random() { openssl rand -hex 24 | tr -d '\n'; }

command -v openssl > /dev/null || fail "openssl is missing: install it"
docker compose version > /dev/null || fail "docker compose does not answer: install it, or start Docker"

for name in influxdb_admin_password influxdb_operator_token grafana_admin_password grafana_secret_key mosquitto_password_collector; do
  if absent "$name"; then random | keep "$name"; fi
done

# The broker gets hashes only; meters come with docs/compose/add-meter.sh. Through standard input: a password in a command line is seen by everybody on the machine.
if absent mosquitto_passwords; then
  printf 'collector:%s\n' "$(cat mosquitto_password_collector)" | docker run --rm --interactive --network none eclipse-mosquitto:2.0.22 \
    sh -c 'file=$(mktemp) && cat > "$file" && mosquitto_passwd -U "$file" && cat "$file" && rm "$file"' | keep mosquitto_passwords
fi

if absent mosquitto.crt; then
  if absent ca.crt; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 3650 -nodes -subj "/CN=energimonitor CA" \
      -addext "keyUsage=critical,keyCertSign,cRLSign" -keyout ca.key -out ca.crt 2> /dev/null
    chmod 0600 ca.key
    say "made secrets/ca.crt: give it to the meters; and secrets/ca.key: move it to another machine"
  fi
  absent ca.key && fail "secrets/ca.key is not here: bring it, or delete secrets/ca.crt and give every meter the new one"
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$broker_name" \
    -keyout mosquitto.key.new -out mosquitto.csr 2> /dev/null
  case $broker_name in
    *[!0-9.]*) names="DNS:mosquitto,DNS:localhost,DNS:$broker_name,IP:127.0.0.1" ;;
    *) names="DNS:mosquitto,DNS:localhost,IP:$broker_name,IP:127.0.0.1" ;;
  esac
  printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$names" > mosquitto.ext
  openssl x509 -req -in mosquitto.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 825 -extfile mosquitto.ext \
    -out mosquitto.crt.new 2> /dev/null
  chmod 0644 mosquitto.key.new # readable for the broker's user; the folder keeps the others out
  mv mosquitto.key.new mosquitto.key
  mv mosquitto.crt.new mosquitto.crt
  rm -f mosquitto.csr mosquitto.ext
  say "made secrets/mosquitto.crt for $names"
fi

# Tokens of exactly the rights that each service needs. InfluxDB shows a token only when it is made.
influxdb() {
  method=$1 path=$2
  shift 2
  printf 'Authorization: Token %s\n' "$(cat influxdb_operator_token)" |
    docker compose exec --no-TTY influxdb curl --silent --show-error --fail-with-body --request "$method" --header @- \
      --header "Content-Type: application/json" "$@" "http://127.0.0.1:8086$path"
}
word() { tr ',{}' '\n\n\n' | sed -n "s/^[[:space:]]*\"$1\": *\"\([^\"]*\)\".*/\1/p" | head -n 1; } # first value of a key

if absent influxdb_token_collector || absent influxdb_token_jobs || absent influxdb_token_web || absent influxdb_token_grafana; then
  docker compose up --detach --wait influxdb
  known=$(influxdb GET "/api/v2/buckets?name=energimonitor")
  org=$(printf '%s' "$known" | word orgID)
  bucket=$(printf '%s' "$known" | word id)
  [ -n "$org" ] && [ -n "$bucket" ] || fail "InfluxDB does not know the bucket energimonitor: was its volume made by something else?"
  for who in collector jobs web grafana; do
    absent "influxdb_token_$who" || continue
    right() { printf '{"action":"%s","resource":{"type":"buckets","id":"%s","orgID":"%s"}}' "$1" "$bucket" "$org"; }
    rights=$(right read)
    case $who in collector | jobs) rights="$rights,$(right write)" ;; esac
    influxdb POST /api/v2/authorizations --data "{\"orgID\":\"$org\",\"description\":\"$who\",\"permissions\":[$rights]}" |
      word token | tr -d '\n' | keep "influxdb_token_$who"
  done
fi
say "ready: docker compose up --detach"
