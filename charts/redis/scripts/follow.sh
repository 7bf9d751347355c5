#!/bin/sh
# Brings renewed certificates and changed logins to a server that runs. The kubelet swaps both directories as a whole.
# follow.sh server | follow.sh sentinel <pid>
set -u
. /etc/drydock/redis/lib.sh
. "$CONFIG/users.sh"

certificates() {
  cat "$TLS/tls.crt" "$TLS/tls.key" "$TLS/ca.crt" | sha256sum
}

# Sentinel cannot read them anew, so it starts again, in less than a second; one pod after the other.
renew() {
  if [ "$1" = server ]; then
    self "$REDIS_PORT" config set tls-cert-file "$TLS/tls.crt" tls-key-file "$TLS/tls.key" tls-ca-cert-file "$TLS/ca.crt" \
      >/dev/null || return 1
  else
    sleep $((${POD_NAME##*-} * 5))
    kill -TERM "$2"
  fi
  say "$1: certificates renewed"
}

# A replica that has started may be promoted once it follows. One that has data may be without, when the primary does not come
# back; one that has none never.
promotable() {
  begun=$(date +%s)
  while sleep 1; do
    case $(self "$REDIS_PORT" info replication 2>/dev/null) in
    *role:master* | *master_link_status:up*)
      self "$REDIS_PORT" config set replica-priority 100 >/dev/null && rm -f "$DATA/unsynced" && return
      ;;
    *role:slave*)
      if [ -e "$DATA/unsynced" ] || [ $(($(date +%s) - begun)) -lt "$RETURN" ]; then continue; fi
      self "$REDIS_PORT" config set replica-priority 100 >/dev/null && return
      ;;
    esac
  done
}

case $1 in
server) port=$REDIS_PORT template=users.acl ;;
sentinel) port=$SENTINEL_PORT template=sentinel.acl ;;
esac
shown=$(certificates)
if [ "$1" = server ] && [ "$QUORUM" -gt 0 ]; then promotable & fi
while sleep 10; do
  found=$(certificates)
  if [ "$found" != "$shown" ] && renew "$@"; then shown=$found; fi
  follow_users "$port" "$template" || say "$1: the logins could not be changed; trying again"
done
