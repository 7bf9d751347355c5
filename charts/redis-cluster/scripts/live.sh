#!/bin/sh
# Alive is who answers: one that loads its data, or is kept busy by a script, would be no better after a restart.
. /etc/drydock/redis/lib.sh

case $(WAIT=8 self "$REDIS_PORT" ping 2>&1) in
PONG | *LOADING* | *BUSY* | *MASTERDOWN*) ;;
*) exit 1 ;;
esac
