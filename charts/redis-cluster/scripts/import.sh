#!/bin/sh
# Brings the keys of dumps into the cluster, each to whoever has its slot today, so that the number of shards may be another. A key
# that is there is newer, and stays. A run that was interrupted can be run again.
set -eu
export REDISCLI_AUTH="$MOVER_PASSWORD"
TLS=/etc/drydock/tls
cd /dump

cluster() {
  redis-cli -e --no-auth-warning --user mover --tls --cacert "$TLS/ca.crt" -h "$SEED" "$@"
}

# The server that holds one dump, reachable through its socket alone: the pod's certificate is a client's. It is one of a cluster,
# and so knows its keys by slot.
scratch() {
  (unset REDISCLI_AUTH && redis-cli -e -s /dump/work/socket "$@")
}

load() {
  rm -rf work && mkdir work
  gzip -dc "$1" >work/dump.rdb
  redis-check-rdb work/dump.rdb >work/check || { cat work/check && echo "$1 is damaged; state another hour in restoreFrom" && return 1; }
  redis-server --dir work --save '' --appendonly no --loglevel warning --unixsocket /dump/work/socket \
    --cluster-enabled yes --cluster-config-file nodes.conf --cluster-require-full-coverage no \
    --bind 127.0.0.1 --port 0 --tls-port 7000 --tls-cluster yes --tls-auth-clients no \
    --tls-cert-file "$TLS/tls.crt" --tls-key-file "$TLS/tls.key" --tls-ca-cert-file "$TLS/ca.crt" &
  server=$!
  until scratch cluster info 2>/dev/null | grep -q '^cluster_state:ok'; do
    kill -0 "$server" || return 1
    [ "$(scratch dbsize 2>/dev/null)" != 0 ] || return 0
    sleep 1
  done
}

# Lines of MIGRATE, a hundred keys each. Both ways keys are quoted, so they may hold anything.
moves() {
  cluster cluster nodes | awk '
    $3 ~ /master/ && $3 !~ /fail/ {
      split($2, a, ","); for (i = 9; i <= NF; i++) if ($i !~ /^\[/) { n = split($i, r, "-"); print r[1], r[n], a[2] }
    }' >work/owners
  seq 0 16383 | sed 's/.*/cluster getkeysinslot & 1000000000/' | scratch --no-raw | awk -v password="$MOVER_PASSWORD" '
    FILENAME == "work/owners" { for (i = $1; i <= $2; i++) owner[i] = $3; next }
    function flush() { if (count) print "migrate", host, 6379, "\"\"", 0, 60000, "auth2 mover", password, "keys" keys; keys = ""; count = 0 }
    /^\(empty array\)/ { slot++; next }
    { number = $1; sub(/^ *[0-9]+\) /, "") }
    number == "1)" { flush(); host = owner[slot++] }
    { keys = keys " " $0; if (++count == 100) flush() }
    END { flush() }' work/owners -
}

size() {
  for host in $(cluster cluster nodes | awk '$3 ~ /master/ && $3 !~ /fail/ { split($2, a, ","); print a[2] }'); do
    redis-cli -e --no-auth-warning --user mover --tls --cacert "$TLS/ca.crt" -h "$host" dbsize
  done | awk '{ sum += $1 } END { print sum }'
}

cluster cluster info | grep -q '^cluster_slots_ok:16384' || { echo 'slots are uncovered; see to the cluster first' && exit 1; }
echo "before: $(size) keys"
for file in *.rdb.gz; do
  load "$file"
  keys=$(scratch dbsize)
  moves >work/moves
  # What is there already answers BUSYKEY and stays in the scratch server; all else that stays is a failure.
  scratch <work/moves >work/answers 2>&1 || :
  grep -v '^OK$\|^NOKEY$\|BUSYKEY\|^$' work/answers && { echo "$file: not all of its keys could be moved; run it again" && exit 1; }
  echo "$file: $keys keys, $(scratch dbsize) of them were there already"
  kill "$server"
  wait "$server" || :
done
rm -rf work
echo "after: $(size) keys"
