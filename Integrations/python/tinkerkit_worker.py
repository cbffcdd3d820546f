"""Drives `tinkerkit worker` from Python: one process, one request and one reply a line.

Standard library only; copy the file into a project, or put its folder on PYTHONPATH.

    from tinkerkit_worker import LineWorker

    with LineWorker(["tinkerkit", "worker", "-t", "Qwen3-8B", "-r", "qwen3"]) as worker:
        for lines in worker.render(open("data.jsonl", "rb")):
            ...  # the lines that `tinkerkit render` writes for this record

Requests are fed by a thread while replies are read, because a caller that writes a whole batch before it reads blocks
for ever once the pipe is full. Replies are counted and carry the number of their request, so that a worker which dies,
or a reply which is lost, is an error and never a shorter result.
"""
import itertools
import json
import queue
import subprocess
import threading


class WorkerEnded(RuntimeError):
    """The worker ended before it had answered, or did not end well."""


class RecordError(ValueError):
    """The worker's answer to one request is an error: `number` counts requests from 0, `kind` and `path` say more."""

    def __init__(self, number, error):
        place = f" at {error['path']}" if error.get("path") else ""
        super().__init__(f"request {number}: {error['kind']}: {error['message']}{place}")
        self.number, self.kind, self.path = number, error["kind"], error.get("path")


class LineWorker:
    """Owns one worker process. `command` is its whole command line, a list. Not to be shared between threads."""

    def __init__(self, command):
        self.command = list(command)
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._is_broken = False

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            self.close()
        else:
            self.kill()

    def exchange(self, lines):
        """Sends lines of bytes without their line feed; yields one line of bytes for each, in order."""
        if self._is_broken:
            raise WorkerEnded("the worker was left in the middle of its replies; start another")
        self._is_broken = True
        # One entry for each line on its way, then None, or what `lines` raised.
        under_way = queue.SimpleQueue()

        def feed():
            try:
                for line in lines:
                    under_way.put(True)
                    self.process.stdin.write(line + b"\n")
                    self.process.stdin.flush()
                under_way.put(None)
            except BrokenPipeError:
                pass  # the reading side meets the end of the replies and says so
            except BaseException as error:  # of the caller's own iterator: raised on the caller's side
                under_way.put(error)

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        count = 0
        while (entry := under_way.get()) is not None:
            if entry is not True:
                raise entry
            reply = self.process.stdout.readline()
            if not reply.endswith(b"\n"):
                status = self.process.wait()
                raise WorkerEnded(f"the worker ended with status {status} after {count} replies, and more were due")
            count += 1
            yield reply
        feeder.join()
        self._is_broken = False

    def ask(self, requests):
        """Sends requests, dictionaries without an `id`; yields what stands under `ok` in each reply."""
        return self._answers(json.dumps(request)[1:].encode() for request in requests)

    def render(self, records):
        """Renders records, each a line of JSON as text or bytes; yields the list of the lines that `render` writes.

        A record that gives no example (left out by --too-long, or without anything to train) yields an empty list.
        """
        requests = (b'"op":"render","conversation":' + _bytes(record).strip() + b"}" for record in records)
        return (answer["lines"] for answer in self._answers(requests))

    def _answers(self, bodies):
        lines = (b'{"id":%d,' % number + body for number, body in enumerate(bodies))
        for number, line in enumerate(self.exchange(lines)):
            reply = json.loads(line)
            if "error" in reply:
                raise RecordError(number, reply["error"])
            if reply["id"] != number:
                raise WorkerEnded(f"the reply to request {number} has the id {reply['id']}")
            yield reply["ok"]

    def close(self):
        """Ends the worker and waits for it; raises WorkerEnded unless it ends with 0."""
        self.process.stdin.close()
        status = self.process.wait()
        self.process.stdout.close()
        if status != 0:
            raise WorkerEnded(f"the worker ended with status {status}")

    def kill(self):
        """Ends the worker at once."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                pipe.close()
            except BrokenPipeError:
                pass


def render_partition(command, records):
    """The lines of a partition by a worker of its own: for engines that hand out iterators."""
    with LineWorker(command) as worker:
        yield from itertools.chain.from_iterable(worker.render(records))


def _bytes(record):
    return record if isinstance(record, bytes) else record.encode()
