#!/usr/bin/env python3
"""Hugging Face datasets: map(batched=True, num_proc=n), one worker for each process.

    hf_datasets.py data.jsonl out.jsonl --command 'tinkerkit worker -t Qwen3-8B -r qwen3'

The records stay text: the JSON loader would turn them into Arrow structs and fill the keys that a message lacks with
nulls, in tools too, where the model reads them (`tinkerkit check` calls that null-fields).
"""
import hashlib
import os
import tempfile

from common import arguments, records, whole_or_absent

_workers = {}


def render(batch, command):
    """The lines of a batch. The worker of a process lives as long as the process."""
    from tinkerkit_worker import LineWorker

    worker = _workers.get(os.getpid())
    if worker is None:
        worker = _workers[os.getpid()] = LineWorker(command)
    return {"line": [line for lines in worker.render(batch["text"]) for line in lines]}


def main():
    from datasets import Dataset

    a = arguments(__doc__)
    with tempfile.TemporaryDirectory() as cache:
        data = Dataset.from_dict({"text": records(a.input)})
        # Without a fingerprint of our own caching is off: the library cannot hash a function that owns a process.
        fingerprint = hashlib.sha256("\0".join([*a.command, data._fingerprint]).encode()).hexdigest()
        lines = data.map(
            render, batched=True, batch_size=256, num_proc=a.workers, remove_columns=["text"],
            fn_kwargs={"command": a.command}, new_fingerprint=fingerprint[:16],
            cache_file_name=os.path.join(cache, "lines.arrow"))
        with whole_or_absent(a.output) as out:
            for row in lines:
                out.write(row["line"] + "\n")


if __name__ == "__main__":
    main()
