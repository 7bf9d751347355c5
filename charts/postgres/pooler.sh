#!/bin/sh
# Runs PgBouncer: makes its list of users of the mounted passwords, has it read passwords and certificates again when they
# change, and ends it between transactions.
set -eu
umask 077

LOGINS=/etc/drydock/logins
TLS=/etc/drydock/tls
RUN=/run/pgbouncer

# Each file is a user, its text the password. PgBouncer shows it to servers too, so a hash would not do.
list_users() {
  for file in "$LOGINS"/*; do
    # One that is being taken away is gone.
    password=$(cat "$file") || continue
    case $password in
      '' | *[!A-Za-z0-9_-]*)
        echo "${file##*/} has no password of letters, digits, - and _ and cannot log in; put another into the store" >&2
        continue
        ;;
    esac
    printf '"%s" "%s"\n' "${file##*/}" "$password"
  done >"$RUN/userlist.new"
  # At once: PgBouncer must not read half of it.
  mv "$RUN/userlist.new" "$RUN/userlist.txt"
}

fingerprint() {
  cat "$LOGINS"/* "$TLS"/* | sha256sum
}

# SIGHUP has users and certificates read again; what is connected stays so.
reload_on_change() {
  while sleep 5; do
    now=$(fingerprint)
    if [ "$now" != "$seen" ]; then
      list_users
      kill -HUP "$pgbouncer"
      seen=$now
    fi
  done
}

seen=$(fingerprint)
list_users
pgbouncer /etc/pgbouncer/pgbouncer.ini &
pgbouncer=$!
reload_on_change &
watcher=$!

# SIGINT waits for running transactions, in every version; SIGTERM ends them before 1.23, and from then on waits for clients,
# which keep their connections for hours.
trap 'kill -INT "$pgbouncer"' TERM INT

# A signal ends the wait, not what is waited for.
while kill -0 "$pgbouncer" 2>/dev/null; do
  code=0
  wait "$pgbouncer" || code=$?
done
kill "$watcher" 2>/dev/null || true
exit "$code"
