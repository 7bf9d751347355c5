#!/bin/sh
# Keeps this node a member of the cluster, beside the server, for as long as that runs. Once a member, and while anybody knows its
# address, the server does that by itself; a new cluster, an empty volume, and new addresses of all at once are beyond it.
set -u
. /etc/drydock/redis/lib.sh
. "$CONFIG/cluster.sh"

# Introduces peers whom this node does not see: their address is new, or they never met. Each is asked first who it is, with a
# password that only this cluster has: a stranger at an old address would become one with us, and two clusters one.
meet() {
  for name in $NODES; do
    printf '%s\n' "$seen" | awk -v name="$name" '
      { split($2, a, ",") }
      a[2] == name && $3 !~ /fail|noaddr|handshake/ && ($8 == "connected" || $3 ~ /myself/) { found = 1 }
      END { exit !found }' && continue
    ip=$(getent ahostsv4 "$name" | awk '{ print $1; exit }')
    [ -n "$ip" ] || continue
    nodes_at "$ip" | myself | grep -q "@$BUS_PORT,${name}[, ]" || continue
    self "$REDIS_PORT" cluster meet "$ip" "$REDIS_PORT" "$BUS_PORT" >/dev/null && say "meets $name at $ip"
  done
}

# An empty node takes the place that place.awk names.
settle() {
  what=$(printf '%s\n' "$seen" | awk -v names="$NODES" -v shards="$SHARDS" -v replicas="$REPLICAS" -f "$CONFIG/place.awk")
  [ "$what" = "$last" ] || say "$what"
  last=$what
  # shellcheck disable=SC2086 # words of their own
  set -- $what
  case $1 in take | replicate) ;; *) return 0 ;; esac
  # What it holds without slots came from a volume whose nodes.conf is lost: for a person to judge.
  [ "$(self "$REDIS_PORT" dbsize)" = 0 ] || { say 'it has keys but no slots: move them away first, or flush them' && return 0; }
  case $1 in
  take) nobody_has "$2" "$3" && self "$REDIS_PORT" cluster addslotsrange "$2" "$3" >/dev/null ;;
  replicate) self "$REDIS_PORT" cluster replicate "$2" >/dev/null ;;
  esac
}

# Whether nobody knows an owner of these slots, and everybody could be asked.
nobody_has() {
  for name in $NODES; do
    nodes_at "$name" | awk -v from="$1" -v to="$2" '
      { for (i = 9; i <= NF; i++) { n = split($i, r, "-"); if (r[1] + 0 <= to + 0 && r[n] + 0 >= from + 0) taken = 1 } }
      END { exit !NR || taken }' || { say "$name does not answer, or knows an owner of $1-$2" && return 1; }
  done
}

# A replica that learns its primary's new address from a third node goes on calling the old one (clusterProcessGossipSection
# updates the node, not the replication). Told again whom to follow, it calls the new one.
follow() {
  # shellcheck disable=SC2046 # two words, or none
  set -- $(printf '%s\n' "$seen" | awk '
    { sub(/:.*/, "", $2); address[$1] = $2; up[$1] = $8 == "connected" && $3 !~ /fail|noaddr/ }
    $3 ~ /myself/ && $3 ~ /slave/ { primary = $4 }
    END { if (up[primary]) print primary, address[primary] }')
  [ $# -eq 2 ] || return 0
  calls=$(self "$REDIS_PORT" info replication 2>/dev/null | tr -d '\r' | sed -n 's/^master_host://p')
  [ -n "$calls" ] && [ "$calls" != "$2" ] || return 0
  self "$REDIS_PORT" cluster replicate "$1" >/dev/null && say "follows its primary to $2"
}

# A server that began empty refuses replicas (start.sh). It takes them once it has a place, or everybody who has slots is there.
serve() {
  [ -e "$RUN/fresh" ] || return 0
  printf '%s\n' "$seen" | awk '
    $3 ~ /myself/ && ($3 ~ /slave/ || NF > 8) { placed = 1 }
    NF > 8 && ($3 ~ /fail|noaddr/ || ($8 != "connected" && $3 !~ /myself/)) { missing = 1 }
    { for (i = 9; i <= NF; i++) if ($i !~ /^\[/) { n = split($i, r, "-"); total += r[n] - r[1] + 1 } }
    END { exit !(placed || (total == 16384 && !missing)) }' || return 0
  self "$REDIS_PORT" acl setuser replica on >/dev/null && rm -f "$RUN/fresh" && say 'takes replicas'
}

# Forgets what is gone for good: failed, without slots, while everybody is there under another identity.
forget() {
  printf '%s\n' "$seen" | awk -v names="$NODES" '
    BEGIN { all = split(names, name, " ") }
    { split($2, a, ","); if ($3 !~ /fail|noaddr|handshake/ && ($8 == "connected" || $3 ~ /myself/)) up[a[2]] = 1 }
    $3 ~ /fail(,|$)|noaddr/ && NF == 8 { gone[++count] = $1 }
    END {
      for (i = 1; i <= all; i++) if (!(name[i] in up)) exit
      for (i = 1; i <= count; i++) print gone[i]
    }' | while read -r id; do self "$REDIS_PORT" cluster forget "$id" >/dev/null && say "forgets $id"; done
}

trap 'exit 0' TERM INT
last=
text=$(cksum <"$CONFIG/agent.sh")
while :; do
  # What its probes look at.
  : >"$RUN/beat"
  . "$CONFIG/settings.sh"
  seen=$(nodes_here)
  if [ -n "$seen" ]; then
    meet
    settle
    follow
    serve
    forget
  fi
  # Its own text may change below it.
  [ "$(cksum <"$CONFIG/agent.sh")" = "$text" ] || exec sh "$CONFIG/agent.sh"
  sleep 2 &
  wait $!
done
