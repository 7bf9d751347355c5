# Who may log in: templates of ACL files, in which @key@ stands for the hash of a password.

hash() {
  # Without the newline that an editor may have left.
  printf %s "$(cat "$1")" | sha256sum | cut -d ' ' -f 1
}

# users <template>: the file. A password that the store does not have yet is left out, and so is a user without any.
users() {
  {
    for file in "$SECRETS"/* "$RUN/agent"; do
      printf 's/@%s@/#%s/g\n' "${file##*/}" "$(hash "$file")"
    done
    echo 's/ @[a-z0-9-]*@//g'
    echo '/^user default /b'
    echo '/#/!d'
  } >"$RUN/users.sed.$1"
  sed -f "$RUN/users.sed.$1" "$CONFIG/$1"
}

# follow_users <port> <template>: brings what changed to the running server. ACL LOAD would cut off everybody.
follow_users() {
  users "$2" >"$RUN/$2.new"
  cmp -s "$RUN/$2.new" "$RUN/$2" && return 0
  set -f
  while read -r _ name rules; do
    grep -qxF "user $name $rules" "$RUN/$2" && continue
    # shellcheck disable=SC2086
    self "$1" acl setuser "$name" reset $rules >/dev/null || { set +f; return 1; }
    say "$name may log in as $2 now says"
  done <"$RUN/$2.new"
  while read -r _ name _; do
    grep -q "^user $name " "$RUN/$2.new" && continue
    self "$1" acl deluser "$name" >/dev/null || { set +f; return 1; }
    say "$name may log in no longer"
  done <"$RUN/$2"
  set +f
  mv "$RUN/$2.new" "$RUN/$2"
}
