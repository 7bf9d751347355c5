#!/bin/sh
# One backup: backup.sh <stanza> <full|diff|incr>. The members, the repository and how long what is kept stand in pgbackrest.conf.
set -u

back_up() {
  pgbackrest --stanza="$1" --type="$2" ${3:-} backup
}

while :; do
  back_up "$1" "$2"
  code=$?
  # No member that follows can be reached (DbConnectError): better from the primary than none.
  if [ "$code" -eq 56 ]; then
    echo 'no member follows: from the primary'
    back_up "$1" "$2" --no-backup-standby
    code=$?
  fi
  # Another backup holds the database's lock (LockAcquireError): this one comes after it, if its deadline lasts so long.
  [ "$code" -eq 50 ] || exit "$code"
  echo 'another backup is running: waiting for it'
  sleep 10
done
