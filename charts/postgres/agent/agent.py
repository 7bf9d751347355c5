"""What looks after one server from beside it: every ten seconds each task of this directory runs once.

A task is a module with `run(pod)`. One that fails is logged, and the next goes on; what it had noted as seen is forgotten, so that
it tries again. When the directory itself changes (a new version of a task), the agent begins anew with it.
"""

import hashlib
import http.client
import importlib
import json
import os
import pathlib
import signal
import sys
import time

from pod import Pod

HERE = pathlib.Path(__file__).parent
EVERY = 10
# The kubelet's probes look at its age.
BEAT = pathlib.Path('/tmp/agent.beat')


def scripts():
    return sorted(HERE.glob('*.py'))


def version():
    return hashlib.sha256(b'\0'.join(script.read_bytes() for script in scripts())).hexdigest()


def tasks():
    modules = (importlib.import_module(script.stem) for script in scripts() if script.stem != 'agent')
    return [module for module in modules if hasattr(module, 'run')]


def patroni_answers(pod):
    try:
        pod.patroni('GET', '/patroni')
        return True
    except (OSError, http.client.HTTPException):
        return False


def log(level, task, message):
    line = {'time': time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime()), 'level': level, 'task': task, 'message': message}
    print(json.dumps(line), flush=True)


def main():
    # As the first process of its container it would not hear it otherwise, and the pod would wait for it as long as for the server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    pod = Pod(log)
    began = version()
    all_tasks = tasks()
    answered = True
    while True:
        answers = patroni_answers(pod)
        if answers != answered:
            log('info', 'agent', 'Patroni answers' if answers else 'Patroni does not answer; tasks wait for it')
        answered = answers
        for task in all_tasks if answers else []:
            seen = dict(pod.seen)
            try:
                task.run(pod)
            except Exception as error:
                pod.seen = seen
                log('error', task.__name__, f'{type(error).__name__}: {error}')
            BEAT.touch()
        BEAT.touch()
        time.sleep(1 if pod.hurries else EVERY)
        if version() != began:
            log('info', 'agent', 'its scripts have changed; it begins anew')
            os.execv(sys.executable, [sys.executable, *sys.argv])


if __name__ == '__main__':
    main()
