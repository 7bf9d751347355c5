#!/bin/sh
# Brings the dump that a new server begins with. Only to the first pod, and only to an empty volume: what has data keeps it.
set -eu
case $POD_NAME in *-0) ;; *) exit 0 ;; esac
for file in /data/appendonlydir/*.aof /data/restore.rdb.gz; do
  [ ! -e "$file" ] || { echo "there is $file; nothing is restored" && exit 0; }
done
rclone copyto "store:$STORE_BUCKET/$OBJECT" /data/restore.rdb.gz.part
# Without the object rclone has nothing to copy, and says nothing.
[ -s /data/restore.rdb.gz.part ] || { echo "there is no $OBJECT; state another hour in restoreFrom" && exit 1; }
mv /data/restore.rdb.gz.part /data/restore.rdb.gz
echo "fetched $OBJECT"
