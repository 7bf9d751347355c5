#!/bin/sh
# One dump of each primary's data, taken from a replica that follows it, checked, and packed. Servers of one primary share its
# replication identity, so nobody needs to know which is which.
set -eu
TLS=/etc/drydock/tls
export REDISCLI_AUTH="$BACKUP_PASSWORD"

# ask <seconds> <host> <command…>
ask() {
  seconds=$1 host=$2
  shift 2
  timeout "$seconds" redis-cli -e --no-auth-warning --tls --cacert "$TLS/ca.crt" -h "$host" -p 6379 --user backup "$@"
}

# candidates: `<replication identity> <host>`, replicas that follow before primaries.
candidates() {
  for wanted in role:slave role:master; do
    for host in $HOSTS; do
      info=$(ask 5 "$host" info 2>/dev/null | tr -d '\r')
      printf '%s\n' "$info" | grep -qx "$wanted" || continue
      [ "$wanted" = role:master ] || printf '%s\n' "$info" | grep -qx master_link_status:up || continue
      identity=$(printf '%s\n' "$info" | sed -n 's/^master_replid://p')
      echo "$identity $host"
    done
  done
}

taken=' '
count=0
cd /dump
rm -f ./*
# shellcheck disable=SC2046
set -- $(candidates)
while [ $# -gt 1 ] && [ "$count" -lt "$PRIMARIES" ]; do
  identity=$1 host=$2
  shift 2
  case $taken in *" $identity "*) continue ;; esac
  taken="$taken$identity "
  count=$((count + 1))
  ask "$LONGEST" "$host" --rdb "$count.rdb"
  redis-check-rdb "$count.rdb"
  gzip "$count.rdb"
  echo "dumped $host"
done
[ "$count" -eq "$PRIMARIES" ] || { echo "$count of $PRIMARIES primaries could be dumped; see which servers are down" && exit 1; }
