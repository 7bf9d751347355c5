"""The steps of a proof: each passes or fails, within its limit, and all of it becomes one report."""

import json
import sys
import time
from datetime import datetime, timezone


class Red(Exception):
    """What a step found that must not be."""


class Report:
    """`limits`: seconds by step. A step without one may take what the Job's deadline leaves."""

    def __init__(self, about, limits):
        self.about = about
        self.limits = limits
        self.steps = []
        self.facts = {}
        self.began = time.time()

    @property
    def green(self):
        return all(step['passed'] for step in self.steps)

    def step(self, name, work, *needs):
        """Runs `work`, whose result adds to the facts. Left out, and so red, where a step that it needs did not pass."""
        missing = [need for need in needs if not self.passed(need)]
        began = time.monotonic()
        says = None
        if missing:
            says = f'left out: it needs {", ".join(missing)}'
        else:
            try:
                self.facts.update(work() or {})
            except Red as red:
                says = str(red)
            except Exception as error:  # a proof that cannot be made is not green
                says = f'{type(error).__name__}: {error}'
        seconds = round(time.monotonic() - began, 3)
        limit = self.limits.get(name)
        if says is None and limit is not None and seconds > limit:
            says = f'it took {seconds} s of {limit} s'
        step = {'name': name, 'passed': says is None, 'seconds': seconds, 'limit': limit}
        self.steps.append(step if says is None else {**step, 'says': says[-2000:]})
        say(f'{name}: {"passed" if says is None else says} ({seconds} s)')

    def passed(self, name):
        return any(step['name'] == name and step['passed'] for step in self.steps)

    def whole(self):
        return {
            'proof': self.about['proof'],
            'green': self.green,
            'began': iso(self.began),
            'seconds': round(time.time() - self.began, 3),
            **self.about,
            **self.facts,
            'steps': self.steps,
        }


def iso(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec='milliseconds')


def say(text):
    """To people; standard output carries the report alone."""
    print(text, file=sys.stderr, flush=True)


def tell(report):
    print(json.dumps(report, separators=(',', ':'), sort_keys=True), flush=True)
