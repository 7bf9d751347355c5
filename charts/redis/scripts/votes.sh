# What the others know of who the primary is.

# The name that a majority of all Sentinels gives, asked one by one; nothing where there is no majority.
vote() {
  for peer in $PEERS; do
    ask "$peer" "$SENTINEL_PORT" sentinel "$(password sentinel)" sentinel get-master-addr-by-name "$NAME" 2>/dev/null |
      head -n 1 || :
  done | sort | uniq -c | while read -r count name; do
    [ "$count" -lt "$QUORUM" ] || echo "$name"
  done
}

# state <host>: `primary`, `empty` or `data` for a server that answers, nothing for one that does not.
state() {
  info=$(ask "$1" "$REDIS_PORT" sentinel "$(password sentinel)" info 2>/dev/null | tr -d '\r') || return 0
  case "$info" in
  *role:master*) echo primary ;;
  # One that still loads has something to load.
  *loading:1* | *db[0-9]*:keys=*) echo data ;;
  *role:slave*) echo empty ;;
  esac
}

# The first of the other servers that calls itself primary.
acting_primary() {
  for peer in $PEERS; do
    if [ "$peer" != "$me" ] && [ "$(state "$peer")" = primary ]; then
      echo "$peer"
      return
    fi
  done
}

# Whether all other servers answer, and have nothing.
others_empty() {
  for peer in $PEERS; do
    [ "$peer" = "$me" ] && continue
    case $(state "$peer") in
    empty) ;;
    data) say "$peer has data and nobody is primary; waiting for Sentinel" && return 1 ;;
    *) say "$peer does not answer, and may have data; waiting for it" && return 1 ;;
    esac
  done
}

# Whether all other servers answer, and have begun anew: nobody among them can have more than the last primary. One that ran
# on has an offset of its own, and a primary is none of them.
others_began_anew() {
  for peer in $PEERS; do
    [ "$peer" = "$me" ] && continue
    info=$(ask "$peer" "$REDIS_PORT" sentinel "$(password sentinel)" info replication 2>/dev/null | tr -d '\r') || return 1
    case "$info" in *role:slave*master_link_status:down*) ;; *) return 1 ;; esac
    printf '%s\n' "$info" | grep -qx 'slave_repl_offset:[01]' || return 1
  done
}
