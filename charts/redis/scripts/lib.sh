# What all scripts of a pod share. Where it stands: settings.sh beside it is rendered, the passwords come from the Secret.
CONFIG=/etc/drydock/redis
SECRETS=/etc/drydock/passwords
TLS=/etc/drydock/tls
RUN=/run/redis
DATA=/data
. "$CONFIG/settings.sh"

# The name by which all others know this pod.
me="$POD_NAME.$DOMAIN"
umask 077

say() {
  echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) drydock: $*" >&2
}

# A password that pods of the last generation take as well as those of this one.
password() {
  cat "$SECRETS/$1-$USED"
}

# ask <host> <port> <user> <password> <command…>: an error of the server is an error, and nobody is waited for.
ask() {
  host=$1 port=$2 user=$3
  export REDISCLI_AUTH="$4"
  shift 4
  timeout "${WAIT:-2}" redis-cli -e --no-auth-warning --tls --cacert "$TLS/ca.crt" -h "$host" -p "$port" --user "$user" "$@"
}

# self <port> <command…>: as the pod's own scripts, at the pod's own server.
self() {
  at=$1
  shift
  ask 127.0.0.1 "$at" agent "$(cat "$RUN/agent")" "$@"
}

# agent_password [container]: the scripts' own, made anew with each pod, and known to nobody outside of it. Both containers may
# try at once; the link is there for the first of them only.
agent_password() {
  [ ! -s "$RUN/agent" ] || return 0
  od -An -tx1 -N24 /dev/urandom | tr -d ' \n' >"$RUN/agent.${1:-redis}"
  ln "$RUN/agent.${1:-redis}" "$RUN/agent" 2>/dev/null || :
  rm -f "$RUN/agent.${1:-redis}"
}
