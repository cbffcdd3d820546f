#!/usr/bin/env python3
"""A worker that is killed in the middle: dying_worker.py N COMMAND… answers N requests and dies by SIGKILL.

    --quietly   ends with status 0 instead, as a worker behind `head` would
"""
import os
import signal
import subprocess
import sys

arguments = sys.argv[1:]
is_quiet = arguments[0] == "--quietly"
count, *command = arguments[1:] if is_quiet else arguments
worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
for _ in range(int(count)):
    line = sys.stdin.buffer.readline()
    if not line:
        break
    worker.stdin.write(line)
    worker.stdin.flush()
    sys.stdout.buffer.write(worker.stdout.readline())
    sys.stdout.buffer.flush()
else:
    worker.kill()
    if is_quiet:
        os._exit(0)
    os.kill(os.getpid(), signal.SIGKILL)
worker.stdin.close()
sys.exit(worker.wait())
