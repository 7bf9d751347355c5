# What the scripts of a cluster's pod share, beside lib.sh.

# Asks another node, with the login that the pods of this cluster share: it may ask who is who, and little more.
peer() {
  at=$1
  shift
  ask "$at" "$REDIS_PORT" cluster "$(password cluster)" "$@" 2>/dev/null
}

# What a node says of all nodes: here, or at a peer. Nothing where it does not answer.
nodes_here() { self "$REDIS_PORT" cluster nodes 2>/dev/null; }
nodes_at() { peer "$1" cluster nodes; }

# The line that speaks of the node that was asked.
myself() { grep '[ ,]myself[, ]'; }
