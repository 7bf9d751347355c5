#!/bin/sh
# Starts the server as what Sentinel says that it is. A primary that comes back waits until Sentinel has had its say: its
# replicas may know more by now. A server without data never becomes the primary of one that has some.
set -eu
. /etc/drydock/redis/lib.sh
. "$CONFIG/users.sh"
. "$CONFIG/votes.sh"
. "$CONFIG/restore.sh"

# What the server and Sentinel last wrote down; the rest of that file is made anew.
persisted=$(sed -n 's/^replicaof \([^ ]*\) .*/\1/p' "$DATA/redis.conf" 2>/dev/null || :)

# A replica that began with nothing has files, too; until it has copied everything they are nothing.
has_data() {
  [ ! -e "$DATA/unsynced" ] && ls "$DATA"/appendonlydir/*.aof >/dev/null 2>&1
}

# Says whom to follow; nothing for the primary. Fails where it must not start.
decide() {
  until=$(($(date +%s) + 4 * DOWN_AFTER))
  while :; do
    named=$(vote)
    if [ -n "$named" ] && [ "$named" != "$me" ]; then
      say "Sentinel names $named" && echo "$named" && return
    fi
    if [ -z "$named" ] && ! has_data; then
      first && return
    elif [ -z "$named" ] && [ -n "$persisted" ]; then
      say "no majority of Sentinels; still a replica of $persisted" && echo "$persisted" && return
    elif [ -n "$named" ] && has_data && others_began_anew; then
      say 'primary: Sentinel names it, and all others have begun anew' && return
    elif [ "$(date +%s)" -ge "$until" ]; then
      has_data || { say "Sentinel names this pod, whose volume is empty: its replicas would be emptied too" && return 1; }
      if [ -n "$named" ]; then say 'primary: Sentinel goes on naming it'; else say 'primary: it was, and no majority objects'; fi
      return
    fi
    sleep 1
  done
}

# A server without data, where no Sentinels agree: the very first start, or the loss of both.
first() {
  acting=$(acting_primary)
  if [ -n "$acting" ]; then
    say "nothing here, and $acting is primary" && echo "$acting" && return
  fi
  case $POD_NAME in
  *-0) others_empty && say "the first start: primary" ;;
  *) say "nothing here; replica of the first pod" && echo "${POD_NAME%-*}-0.$DOMAIN" ;;
  esac
}

primary=
if [ "$QUORUM" -gt 0 ]; then
  primary=$(decide) || exit 1
fi
if [ -z "$primary" ]; then
  if ! has_data; then load_dump; fi
  rm -f "$DATA/unsynced"
elif ! has_data; then
  : >"$DATA/unsynced"
fi

agent_password redis
users users.acl >"$RUN/users.acl"
{
  cat "$CONFIG/redis.conf"
  echo "masterauth \"$(password replica)\""
  if [ "$QUORUM" -gt 0 ]; then
    echo "replica-announce-ip $me"
    echo "replica-announce-port $REDIS_PORT"
  fi
  [ -z "$primary" ] || echo "replicaof $primary $REDIS_PORT"
  # After a restart of all, Sentinel cannot tell how much each has, and would as soon promote one that is empty.
  [ -z "$primary" ] || echo 'replica-priority 0'
} >"$DATA/redis.conf.new"
mv "$DATA/redis.conf.new" "$DATA/redis.conf"

"$CONFIG/follow.sh" server &
exec redis-server "$DATA/redis.conf"
