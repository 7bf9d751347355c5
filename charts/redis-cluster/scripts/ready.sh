#!/bin/sh
# Ready is a member of a cluster whose majority is there; a replica only while it follows its primary.
. /etc/drydock/redis/lib.sh

state=$(self "$REDIS_PORT" cluster info && self "$REDIS_PORT" info replication) || exit 1
has() {
  printf '%s\n' "$state" | tr -d '\r' | grep -qx "$1" || { echo "not $1" && return 1; }
}
has cluster_state:ok || exit 1
has role:master >/dev/null || has master_link_status:up
