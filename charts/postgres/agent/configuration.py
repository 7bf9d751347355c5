"""Brings what stands in code into a running cluster: Patroni's own file by a reload, and what all members share by the leader.

The shared settings live in Kubernetes' store, where Patroni read them once, when the cluster was made. So the leader's agent
holds them against dynamic.json and sends what differs. What is there and stands nowhere in code is taken away, but for `pause`,
which is an operator's.
"""

import hashlib
import json
import pathlib

CONFIGURATION = pathlib.Path('/etc/drydock/patroni')
OPERATORS = {'pause'}


def difference(declared, there):
    """As PATCH /config takes it: what differs, and null for what is to go."""
    patch = {key: None for key in there if key not in declared}
    for key, value in declared.items():
        if isinstance(value, dict) and isinstance(there.get(key), dict):
            deeper = difference(value, there[key])
            if deeper:
                patch[key] = deeper
        elif key not in there or there[key] != value:
            patch[key] = value
    return patch


def run(pod):
    file = CONFIGURATION / 'patroni.yaml'
    if pod.changed('patroni.yaml', hashlib.sha256(file.read_bytes()).hexdigest()):
        pod.patroni('POST', '/reload')
    if pod.role() not in ('primary', 'standby_leader'):
        return
    declared = json.loads((CONFIGURATION / 'dynamic.json').read_text())
    there = {key: value for key, value in pod.patroni('GET', '/config').items() if key not in OPERATORS}
    patch = difference(declared, there)
    if patch:
        pod.patroni('PATCH', '/config', patch)
        pod.log('info', 'configuration', f'changed {json.dumps(patch, sort_keys=True)}')
