#!/bin/sh
# For people: `kubectl exec cache-0 -c cache -- sh /etc/drydock/redis/cli.sh cluster nodes`. It may do what the agent may.
. /etc/drydock/redis/lib.sh
self "$REDIS_PORT" "$@"
