#!/bin/sh
# Run by a person in an empty node: take-over.sh <id>. It takes the slots of a primary that is lost with all its copies, and serves
# them empty; a backup can then be imported. Refused while the lost one, or a copy of it, is there.
set -eu
. /etc/drydock/redis/lib.sh
. "$CONFIG/cluster.sh"
lost=${1:?the id of the lost primary, from cluster nodes}

# What a lost node had, only those know who knew it: it is not told on.
for name in $NODES; do
  [ "$name" != "$me" ] || continue
  seen=$(nodes_at "$name" || :)
  ! printf '%s\n' "$seen" | grep -q "^$lost .*connected [0-9]" || break
done
ranges=$(printf '%s\n' "$seen" | awk -v id="$lost" '
  $1 == id { found = 1; if ($3 !~ /fail(,|$)/) refused = "it has not failed" }
  $1 == id { for (i = 9; i <= NF; i++) if ($i !~ /^\[/) print $i }
  $4 == id && $3 !~ /fail/ { refused = $2 " is a copy of it: promote that, with cluster failover takeover" }
  END {
    if (!found) refused = "nobody of that id is known"
    if (refused) print refused > "/dev/stderr"
    exit refused != ""
  }')
nodes_here | myself | awk '$3 !~ /master/ || NF > 8 { exit 1 }' || { say 'this node has a place of its own' && exit 1; }

# Everybody forgets it within the minute that forgetting lasts; gossip would bring it back.
for name in $NODES; do peer "$name" cluster forget "$lost" >/dev/null && say "$name forgets it"; done
for range in $ranges; do
  self "$REDIS_PORT" cluster addslotsrange "${range%-*}" "${range#*-}" >/dev/null
  say "takes slots $range"
done
self "$REDIS_PORT" cluster bumpepoch
