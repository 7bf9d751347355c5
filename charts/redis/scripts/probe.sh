#!/bin/sh
# probe.sh <redis|sentinel> <ready|live>. One that loads its data, or is kept busy by a script, is alive.
set -eu
. /etc/drydock/redis/lib.sh

alive() {
  case $(WAIT=10 self "$1" ping 2>&1) in
  PONG | *LOADING* | *BUSY* | *MASTERDOWN*) ;;
  *) exit 1 ;;
  esac
}

case "$1 $2" in
'redis live') alive "$REDIS_PORT" ;;
'redis ready')
  info=$(self "$REDIS_PORT" info | tr -d '\r')
  case "$info" in *loading:1*) exit 1 ;; esac
  case "$info" in *role:master* | *master_link_status:up*) ;; *) exit 1 ;; esac
  ;;
'sentinel live') alive "$SENTINEL_PORT" ;;
'sentinel ready') [ -n "$(self "$SENTINEL_PORT" sentinel get-master-addr-by-name "$NAME")" ] ;;
esac
