# What this node is to do, from its own CLUSTER NODES: one line, `<verb> <arguments>`.
#
#   keep                 it has slots, or is a replica
#   take <from> <to>     a new cluster: these slots are nobody's, and its own by the order of names
#   replicate <id>       an empty node where a shard lacks a replica
#   wait <reason>
#
# Variables: names (all nodes, in their order), shards, replicas (a shard).
# Every node comes to the same answer from the same view, so nobody has to lead: of the empty nodes the first in the order become
# the primaries that are still to come, the k-th of the rest takes the k-th free place.
BEGIN {
  all = split(names, name, " ")
  for (i = 1; i <= all; i++) ordinal[name[i]] = i
  SLOTS = 16384
}
{
  split($2, address, ",")
  id[NR] = $1; host[NR] = address[2]
  up[NR] = $3 !~ /fail|noaddr|handshake/ && ($3 ~ /myself/ || $8 == "connected")
  master[NR] = $3 ~ /master/; of[NR] = $4
  for (field = 9; field <= NF; field++) {
    if ($field ~ /^\[/) continue # a slot on its way
    ends = split($field, range, "-")
    last = ends == 2 ? range[2] : range[1]
    slots[NR] += last - range[1] + 1
    for (slot = range[1] + 0; slot <= last + 0; slot++) taken[slot] = 1
    if (!(host[NR] in ordinal) || ordinal[host[NR]] > shards ||
        range[1] + 0 < first(ordinal[host[NR]]) || last + 0 >= first(ordinal[host[NR]] + 1)) grown = 1
  }
  if ($3 ~ /myself/) me = NR
  if (up[NR] && host[NR] in ordinal) { at[ordinal[host[NR]]] = NR; here++ }
  total += slots[NR]
}
END {
  if (!me) { print "wait for its own view"; exit }
  if (!master[me] || slots[me] > 0) { print "keep"; exit }
  if (total < SLOTS && !grown) { form(); exit }
  join_in()
}

# The first slot of the k-th shard of a new cluster.
function first(k) { return int((k - 1) * SLOTS / shards) }

# Slots are taken only while every node is there: one that is missing may know of a cluster.
function form(   k, slot) {
  if (here < all) { print "wait for all nodes: " here + 0 " of " all " are there"; return }
  k = ordinal[host[me]]
  if (k > shards) { print "wait for the primaries"; return }
  for (slot = first(k); slot < first(k + 1); slot++)
    if (slot in taken) { print "wait for its slots, which somebody has"; return }
  print "take", first(k), first(k + 1) - 1
}

function join_in(   i, k, rest, room, place, have, target, count) {
  room = shards
  for (i = 1; i <= NR; i++) if (slots[i] > 0) room--
  for (k = 1; k <= all; k++) {
    i = at[k]
    if (!i || !master[i]) continue
    if (slots[i] > 0) { target[++count] = i; continue }
    if (room > 0) {
      room--
      if (i == me) { print "wait for slots, which a rebalance moves"; return }
      target[++count] = i
    } else {
      rest++
      if (i == me) place = rest
    }
  }
  for (i = 1; i <= NR; i++) if (!master[i] && up[i]) healthy[of[i]]++
  for (have = 0; have < replicas; have++)
    for (k = 1; k <= count; k++)
      if (healthy[id[target[k]]] + 0 <= have && --place == 0) { print "replicate", id[target[k]]; return }
  print "wait: no shard lacks a replica"
}
