#!/bin/sh
# Moves slots until every primary has its share; that of a new shard had none. Clients go on meanwhile. What an interrupted run
# left open, the next closes first.
set -eu
TLS=/etc/drydock/tls
export REDISCLI_AUTH="$MOVER_PASSWORD"

manage() {
  redis-cli --no-auth-warning --user mover --tls --cacert "$TLS/ca.crt" "$@"
}

# An empty node beside the new primaries would get slots too: replicas must have found their places first.
manage -h "$SEED" cluster nodes | awk -v shards="$SHARDS" '
  $3 ~ /master/ && $3 !~ /fail/ { if (NF > 8) owners++; else empty++ }
  END {
    extra = empty - (shards - owners)
    if (!owners) print "no primary has slots: the cluster has not formed"
    else if (extra > 0) print extra " empty nodes have no place yet; their agents say what they wait for"
    else exit 0
    exit 1
  }'
manage --cluster fix "$SEED:6379"
manage --cluster rebalance "$SEED:6379" --cluster-use-empty-masters --cluster-pipeline 100
manage --cluster check "$SEED:6379"
