"""Runs the agent's task as the leader's agent would, twice, and prints how many statements each run took."""

import sys

sys.path.insert(0, '/etc/drydock/agent')
import roles
from pod import Pod


class Leader(Pod):
    statements = 0

    def is_leader(self):
        return True

    def sql(self, *words, **options):
        self.statements += 1
        return super().sql(*words, **options)


pod = Leader(lambda level, task, message: print(level, message, file=sys.stderr))
counts = []
for _ in range(2):
    pod.statements = 0
    roles.run(pod)
    counts.append(pod.statements)
print(*counts)
