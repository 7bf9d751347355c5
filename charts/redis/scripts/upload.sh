#!/bin/sh
# Brings the dumps of this hour to the object store, compares what arrived, and deletes what is older than it need be.
set -eu
hour=$(date -u +%Y/%m/%d/%H)
for file in /dump/*.rdb.gz; do
  name=${file##*/}
  name=${name%.rdb.gz}
  # One primary, one object an hour; of several each has its number.
  [ "$PRIMARIES" -eq 1 ] && object="$hour.rdb.gz" || object="$hour-$name.rdb.gz"
  rclone copyto --ignore-times "$file" "store:$STORE_BUCKET/$PREFIX/$object"
  sent=$(md5sum <"$file")
  kept=$(rclone cat "store:$STORE_BUCKET/$PREFIX/$object" | md5sum)
  [ "$sent" = "$kept" ] || { echo "$object did not arrive as it was sent" && exit 1; }
  echo "kept $object"
done
rclone delete --min-age "$KEEP" "store:$STORE_BUCKET/$PREFIX"
