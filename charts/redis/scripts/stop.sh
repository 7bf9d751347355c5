#!/bin/sh
# Before a primary stops, another takes over: its clients wait for a second instead of for Sentinel to notice.
set -eu
. /etc/drydock/redis/lib.sh
. "$CONFIG/votes.sh"

# Whether all replicas have all there is.
caught_up() {
  info=$(self "$REDIS_PORT" info replication | tr -d '\r')
  offset=$(printf '%s\n' "$info" | sed -n 's/^master_repl_offset://p')
  ! printf '%s\n' "$info" | grep '^slave[0-9]*:' | grep -qv ",offset=$offset,"
}

[ "$(self "$REDIS_PORT" role 2>/dev/null | head -n 1)" = master ] || exit 0

# Sentinel promotes a replica before the primary hears of it. What that acknowledged in between would be lost, so it takes no
# more writes; and what it sent to the other replicas in between, Sentinels' own messages too, would make those copy everything.
self "$REDIS_PORT" config set min-replicas-to-write 1000 repl-ping-replica-period 3600 >/dev/null
self "$REDIS_PORT" client pause 3000 write >/dev/null
for _ in 1 2 3 4 5; do
  if caught_up; then break; fi
  sleep 0.2
done
# The Sentinel beside it is told to stop at the same moment.
for peer in $PEERS; do
  [ "$peer" = "$me" ] && continue
  # One that is stuck would do it later, to whoever is the primary by then.
  ask "$peer" "$SENTINEL_PORT" sentinel "$(password sentinel)" ping >/dev/null 2>&1 || continue
  said=$(WAIT=10 ask "$peer" "$SENTINEL_PORT" sentinel "$(password sentinel)" sentinel failover "$NAME" 2>&1 || :)
  say "$peer was told to fail over: $said"
  # Two that do so at once would promote two: another is asked only where the first surely does not.
  case $said in *NOGOODSLAVE* | *'Could not connect'*) continue ;; esac
  until=$(($(date +%s) + HAND_OVER))
  while [ "$(date +%s)" -lt "$until" ]; do
    named=$(vote)
    if [ -n "$named" ] && [ "$named" != "$me" ]; then
      say "Sentinel names $named"
      exit 0
    fi
    sleep 0.5
  done
  break
done
say 'no other took over; stopping as the primary'
