#!/bin/sh
# Starts a node. What it is told is written anew each time; who it is and whom it knows stands in nodes.conf on the volume.
set -eu
. /etc/drydock/redis/lib.sh
. "$CONFIG/users.sh"
. "$CONFIG/cluster.sh"

# Whether a peer still counts on the node that this pod was before its volume was emptied.
counted_on() {
  for name in $NODES; do
    [ "$name" = "$me" ] || nodes_at "$name" || :
  done | awk -v me="$me" '{ split($2, a, ",") } a[2] == me && $3 !~ /fail(,|$)|noaddr/ { found = 1 } END { exit !found }'
}

# A stranger at a known address is no failure to Redis: nobody would take over from the one that is gone. So silence first.
if ! grep -q myself "$DATA/nodes.conf" 2>/dev/null; then
  while counted_on; do
    say 'the volume is empty, and peers count on what it held; waiting until they take it for failed'
    sleep 1
  done
fi

agent_password redis
users users.acl >"$RUN/users.acl"
{
  cat "$CONFIG/redis.conf"
  echo "masterauth \"$(password replica)\""
  echo "cluster-announce-ip $POD_IP"
  echo "cluster-announce-hostname $me"
} >"$RUN/redis.conf"

# A node without slots that follows nobody is new, or its volume was emptied. Until the agent says otherwise it gives no replica
# anything: those of its last life would take its emptiness for their primary's data.
if awk '/myself/ && (/slave/ || NF > 8) { placed = 1 } END { exit !placed }' "$DATA/nodes.conf" 2>/dev/null; then
  rm -f "$RUN/fresh"
else
  sed 's/^user replica on /user replica off /' "$RUN/users.acl" >"$RUN/fresh.acl"
  echo "aclfile $RUN/fresh.acl" >>"$RUN/redis.conf"
  : >"$RUN/fresh"
fi

"$CONFIG/follow.sh" server &
exec redis-server "$RUN/redis.conf"
