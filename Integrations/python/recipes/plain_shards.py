#!/usr/bin/env python3
"""No engine: `render --shard i/n`, as Slurm arrays, Kubernetes indexed jobs and GNU parallel start it.

    plain_shards.py data.jsonl out.jsonl --command 'tinkerkit worker -t Qwen3-8B -r qwen3'

Shard i takes records i, i+n, i+2n, …. Each output is whole or absent, so a job that is started again does only what is
missing. Where one file in the order of the input is wanted, the shards are put together record by record, which needs
one line a record: --expand none, and a policy that leaves nothing out.
"""
import os
import subprocess

from common import arguments, records, whole_or_absent


def main():
    a = arguments(__doc__)
    command = [a.command[0], "render", a.input, *a.command[2:], "--quiet"]
    outputs = [f"{a.output}.{index}-of-{a.workers}" for index in range(a.workers)]
    running = []
    for index, path in enumerate(outputs):
        if os.path.exists(path):
            continue
        # Shards are counted from 0, as SLURM_ARRAY_TASK_ID and JOB_COMPLETION_INDEX are by default.
        running.append(subprocess.Popen([*command, "--shard", f"{index}/{a.workers}", "--jobs", "1", "-o", path]))
    failed = [process.args for process in running if process.wait() != 0]
    if failed:
        raise SystemExit(f"{len(failed)} of {len(outputs)} shards failed; start again for those")
    shards = [records(path) for path in outputs]
    expected = len(records(a.input))
    if sum(map(len, shards)) != expected:
        raise SystemExit(f"{sum(map(len, shards))} lines of {expected} records: put together by file, not by record")
    with whole_or_absent(a.output) as out:
        for number in range(expected):
            out.write(shards[number % a.workers][number // a.workers] + "\n")
    for path in outputs:
        os.unlink(path)
        os.unlink(f"{path}.manifest.json")


if __name__ == "__main__":
    main()
