#!/bin/sh
# Brings the dumps of one hour, one of each shard of that time.
set -eu
rclone copy "store:$STORE_BUCKET/$FOLDER" /dump --include "$HOUR-*.rdb.gz"
# Where nothing matches rclone has nothing to copy, and says nothing.
ls /dump/*.rdb.gz || { echo "there is no $FOLDER/$HOUR-*.rdb.gz; state another hour in restoreFrom" && exit 1; }
