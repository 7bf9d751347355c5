#!/bin/sh
# pgBackRest as it reads the archive that this database comes from: its configuration, its keys, its stanza. The keys are files, and
# pgBackRest knows them as variables; those of the own archive must not reach it.
set -u
here=/etc/drydock/source
for name in $(env | sed -n 's/^\(PGBACKREST_[A-Z0-9_]*\)=.*/\1/p'); do unset "$name"; done
for file in /etc/drydock/source-secrets/SOURCE_*; do
  [ -f "$file" ] || continue
  key=${file##*/SOURCE_}
  export "PGBACKREST_$key=$(cat "$file")"
done
stanza=$(sed -n 's/^\[\(.*\)\]$/\1/p' "$here/pgbackrest.conf" | grep -v '^global')
exec pgbackrest --config="$here/pgbackrest.conf" --stanza="$stanza" "$@"
