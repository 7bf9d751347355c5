"""Runs a program and sends it SIGHUP whenever one of some files changes: `python3 reloading.py <file>... -- <program> <argument>...`

The pod's certificate and its authority are always among them.
"""

import hashlib
import pathlib
import signal
import subprocess
import sys

CERTIFICATE = [f'/etc/drydock/tls/{name}' for name in ('ca.crt', 'tls.crt', 'tls.key')]
EVERY = 10


def digest(files=CERTIFICATE):
    return hashlib.sha256(b'\0'.join(pathlib.Path(file).read_bytes() for file in files)).hexdigest()


def main():
    split = sys.argv.index('--')
    files = CERTIFICATE + sys.argv[1:split]
    seen = digest(files)
    program = subprocess.Popen(sys.argv[split + 1 :])
    # As the first process of its container it gets the kubelet's signals, and hands them on.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, lambda which, _: program.send_signal(which))
    while True:
        try:
            code = program.wait(EVERY)
            # As a shell says it: 128 and the signal's number.
            sys.exit(code if code >= 0 else 128 - code)
        except subprocess.TimeoutExpired:
            now = digest(files)
            if now != seen:
                seen = now
                program.send_signal(signal.SIGHUP)


if __name__ == '__main__':
    main()
