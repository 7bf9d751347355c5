#!/bin/sh
# Starts Sentinel with settings made anew and with what it knew: who it is, whom it watches, whom it has met. Without its
# identity it would count twice, and raise the majority.
set -eu
. /etc/drydock/redis/lib.sh
. "$CONFIG/users.sh"
. "$CONFIG/votes.sh"

written="$DATA/sentinel.conf"

known() {
  sed -n "s/^sentinel $1 $NAME \([^ ]*\) .*/\1/p" "$written" 2>/dev/null || :
}

is_peer() {
  case " $PEERS " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

# Whom to watch. Never a guess: a majority that names a primary which never was cannot elect another.
primary=$(known monitor)
while [ -z "$primary" ] || ! is_peer "$primary"; do
  primary=$(vote)
  [ -n "$primary" ] || primary=$(acting_primary)
  [ -n "$primary" ] || [ "$(state "$me")" != primary ] || primary=$me
  [ -n "$primary" ] || sleep 1
done

agent_password sentinel
users sentinel.acl >"$RUN/sentinel.acl"
{
  cat "$CONFIG/sentinel.conf"
  echo "sentinel announce-ip $me"
  echo "sentinel sentinel-pass $(password sentinel)"
  echo "sentinel monitor $NAME $primary $REDIS_PORT $QUORUM"
  echo "sentinel auth-user $NAME sentinel"
  echo "sentinel auth-pass $NAME $(password sentinel)"
  echo "sentinel down-after-milliseconds $NAME $((DOWN_AFTER * 1000))"
  echo "sentinel failover-timeout $NAME $((FAILOVER_TIMEOUT * 1000))"
  echo "sentinel parallel-syncs $NAME 1"
  # Pods that are no more must not count.
  grep -E '^sentinel (myid|current-epoch|config-epoch|leader-epoch|known-)' "$written" 2>/dev/null |
    while read -r line; do
      case $line in
      *' known-'*) is_peer "$(echo "$line" | cut -d ' ' -f 4)" || continue ;;
      esac
      echo "$line"
    done
} >"$written.new"
mv "$written.new" "$written"
say "watching $primary"

"$CONFIG/follow.sh" sentinel $$ &
exec redis-sentinel "$written"
