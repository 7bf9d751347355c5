"""Restarts a server whose settings wait for it: followers one by one, the leader when no follower waits any more.

Once for a reason, so that a setting that cannot be reached does not restart a server for ever. A follower tries once more
after the leader: some settings may become smaller there only when they have on the leader.
"""

import json
import time

# Longer than the followers' agents need to see a change and to restart; those that wait longer cannot get there before the leader.
PATIENCE = 60


def run(pod):
    mine = pod.patroni('GET', '/patroni')
    reason = mine.get('pending_restart_reason') if mine.get('pending_restart') else None
    if not reason or mine.get('state') != 'running':
        return
    members = pod.patroni('GET', '/cluster')['members']
    if any(member['state'] not in ('running', 'streaming') for member in members):
        return
    waiting = sorted(member['name'] for member in members if member.get('pending_restart') and not leads(member))
    leader_waits = any(member.get('pending_restart') for member in members if leads(member))
    if mine['role'] in ('primary', 'standby_leader'):
        if pod.changed('followers that wait', waiting):
            pod.seen['since'] = time.monotonic()
        my_turn = not waiting or time.monotonic() - pod.seen['since'] > PATIENCE
    else:
        my_turn = waiting[:1] == [pod.name]
    if my_turn and pod.changed('restart', json.dumps([reason, leader_waits], sort_keys=True)):
        pod.patroni('POST', '/restart', {'restart_pending': True})
        pod.log('info', 'restarts', f'restarted for {json.dumps(reason, sort_keys=True)}')


def leads(member):
    return member['role'] in ('leader', 'standby_leader')
