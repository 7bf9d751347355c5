#!/bin/sh
# Before a primary ends: hands its slots to a replica, which first takes all that was written. Nothing acknowledged is lost, and
# clients wait for a second instead of for the failure to be noticed.
. /etc/drydock/redis/lib.sh
. "$CONFIG/cluster.sh"

# Its identity while it is a primary with slots.
primary() {
  nodes_here | myself | awk '$3 ~ /master/ && NF > 8 { print $1 }'
}

until=$(($(date +%s) + HAND_OVER))
while id=$(primary) && [ -n "$id" ] && [ "$(date +%s)" -lt "$until" ]; do
  replica=$(nodes_here | awk -v id="$id" '$4 == id && $3 !~ /fail/ && $8 == "connected" { sub(/:.*/, "", $2); print $2; exit }')
  [ -n "$replica" ] || { say 'no replica could take over; stopping as a primary' && exit 0; }
  say "$replica is told to take over: $(peer "$replica" cluster failover)"
  # One attempt is given up after 5 s (cluster specification, manual failover).
  for _ in 1 2 3 4 5 6; do
    sleep 1
    [ -n "$(primary)" ] || exit 0
  done
done
