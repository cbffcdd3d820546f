#!/usr/bin/env python3
"""Tests of the helper: tests/test_worker.py [-v], with the command in $TINKERKIT (default: .build/release/tinkerkit).

The last line is `N passed, M failed`.
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(HERE.parent))

from tinkerkit_worker import LineWorker, RecordError, WorkerEnded, render_partition  # noqa: E402

TOOL = os.environ.get("TINKERKIT", str(ROOT / ".build/release/tinkerkit"))
OPTIONS = ["-t", str(ROOT / "Fixtures/tokenizers/tiny-qwen3"), "-r", "qwen3"]
WORKER = [TOOL, "worker", *OPTIONS]
DEMO = (ROOT / "Fixtures/conversations/demo.jsonl").read_bytes().splitlines()
DYING = [sys.executable, str(HERE / "dying_worker.py")]


def rendered(records):
    run = subprocess.run([TOOL, "render", "-", *OPTIONS, "--quiet"], input=b"\n".join(records), stdout=subprocess.PIPE, check=True)
    return run.stdout.decode().splitlines()


class LineWorkerTests(unittest.TestCase):
    def test_the_lines_are_those_of_render(self):
        self.assertEqual(list(render_partition(WORKER, DEMO)), rendered(DEMO))

    def test_a_batch_larger_than_every_pipe(self):
        records = DEMO * 200
        self.assertGreater(sum(map(len, records)), 1 << 20)
        with LineWorker(WORKER) as worker:
            self.assertEqual(sum(1 for _ in worker.render(records)), len(records))

    def test_several_batches_by_one_worker(self):
        with LineWorker(WORKER) as worker:
            first = list(worker.render(DEMO[:3]))
            self.assertEqual(list(worker.render([])), [])
            self.assertEqual(list(worker.render(DEMO[:3])), first)
            answers = list(worker.ask([{"op": "count", "text": "a b"}, {"op": "ping"}]))
            self.assertEqual(answers[1], {})

    def test_records_that_come_slowly_are_answered_at_once(self):
        seen, release = [], threading.Event()

        def slowly():
            yield DEMO[0]
            self.assertTrue(release.wait(20), "the first reply comes before the second request")
            yield DEMO[1]

        with LineWorker(WORKER) as worker:
            for lines in worker.render(slowly()):
                seen.append(lines)
                release.set()
        self.assertEqual(len(seen), 2)

    def test_a_bad_record_is_an_error_with_its_number(self):
        with self.assertRaises(RecordError) as caught, LineWorker(WORKER) as worker:
            list(worker.render([DEMO[0], b'{"messages":[{"role":"user","content":5}]}', DEMO[1]]))
        self.assertEqual(caught.exception.number, 1)
        self.assertEqual(caught.exception.path, "conversation.messages[0].content")

    def test_an_error_of_the_callers_own_iterator_is_raised(self):
        def failing():
            yield DEMO[0]
            raise KeyError("mine")

        with self.assertRaises(KeyError), LineWorker(WORKER) as worker:
            list(worker.render(failing()))

    def test_a_worker_that_cannot_start_says_so(self):
        with self.assertRaises(WorkerEnded), LineWorker([TOOL, "worker", "--tokenizer", "/nowhere"]) as worker:
            list(worker.render(DEMO))

    def test_a_killed_worker_is_an_error(self):
        for options in ([], ["--quietly"]):
            for count in (0, 1, 7, len(DEMO) - 1):
                worker = LineWorker([*DYING, *options, str(count), *WORKER])
                seen = []
                with self.assertRaises(WorkerEnded) as caught:
                    for lines in worker.render(DEMO):
                        seen.append(lines)
                self.assertEqual(len(seen), count)
                self.assertIn(f"after {count} replies", str(caught.exception))
                worker.kill()

    def test_a_kill_from_outside_in_the_middle_of_a_large_batch(self):
        worker = LineWorker(WORKER)
        with self.assertRaises(WorkerEnded) as caught:
            for number, _ in enumerate(worker.render(DEMO * 500)):
                if number == 100:
                    os.kill(worker.process.pid, signal.SIGKILL)
        self.assertIn("status -9", str(caught.exception))
        worker.kill()

    def test_a_worker_left_in_the_middle_is_not_used_again(self):
        worker = LineWorker(WORKER)
        next(iter(worker.render(DEMO)))
        with self.assertRaises(WorkerEnded):
            list(worker.render(DEMO))
        worker.kill()

    def test_no_process_is_left(self):
        worker = LineWorker(WORKER)
        list(worker.render(DEMO[:1]))
        worker.close()
        self.assertEqual(worker.process.returncode, 0)


if __name__ == "__main__":
    started = time.time()
    result = unittest.TextTestRunner(verbosity=2 if "-v" in sys.argv else 1).run(
        unittest.defaultTestLoader.loadTestsFromTestCase(LineWorkerTests))
    wrong = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - wrong} passed, {wrong} failed")
    sys.exit(wrong != 0)
