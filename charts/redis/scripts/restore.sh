# A dump as the beginning of a server that has nothing. With an append-only file a dump alone is never read: it is loaded once
# without, in a folder beside, and becomes an append-only file.
load_dump() {
  [ -s "$DATA/restore.rdb.gz" ] || return 0
  beside="$DATA/restoring"
  rm -rf "$beside"
  mkdir "$beside"
  gzip -dc "$DATA/restore.rdb.gz" >"$beside/dump.rdb" && redis-check-rdb "$beside/dump.rdb" >"$beside/check" || {
    cat "$beside/check" >&2
    say 'the dump is damaged; state another hour in restoreFrom'
    return 1
  }
  redis-server --port 0 --unixsocket "$RUN/load.sock" --dir "$beside" --save '' --appendonly no --loglevel warning &
  loader=$!
  until_says "$loader" persistence loading:0
  redis-cli -s "$RUN/load.sock" config set appendonly yes >/dev/null
  until_says "$loader" persistence aof_rewrite_in_progress:0 aof_rewrite_scheduled:0 aof_last_bgrewrite_status:ok
  say "restored $(redis-cli -s "$RUN/load.sock" dbsize) keys"
  redis-cli -s "$RUN/load.sock" shutdown || :
  wait "$loader"
  mv "$beside/appendonlydir" "$DATA/appendonlydir"
  rm -rf "$beside" "$DATA/restore.rdb.gz"
}

# until_says <pid> <section> <line…>: waits while the process lives.
until_says() {
  pid=$1 section=$2
  shift 2
  while kill -0 "$pid"; do
    info=$(redis-cli -s "$RUN/load.sock" info "$section" 2>/dev/null | tr -d '\r' || :)
    all=yes
    for line in "$@"; do
      printf '%s\n' "$info" | grep -qx "$line" || all=no
    done
    [ "$all" = no ] || return 0
    sleep 1
  done
  say 'the server that loads the dump has ended'
  return 1
}
