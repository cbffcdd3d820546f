#!/usr/bin/env python3
"""Ray Data: an actor owns the worker; order is kept by preserve_order and checked by numbers.

    ray_data.py data.jsonl out.jsonl --command 'tinkerkit worker -t Qwen3-8B -r qwen3'
"""
import os
import pathlib

from common import arguments, records, whole_or_absent


class Render:
    """The state of one actor."""

    def __init__(self, command):
        from tinkerkit_worker import LineWorker

        self.worker = LineWorker(command)

    def __call__(self, batch):
        answers = list(self.worker.render(batch["text"].tolist()))
        return {"number": batch["number"], "lines": ["\n".join(lines) for lines in answers]}


def main():
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray

    a = arguments(__doc__)
    helper = str(pathlib.Path(__file__).resolve().parents[1])
    ray.init(num_cpus=a.workers, include_dashboard=False, log_to_driver=False, logging_level="ERROR",
             runtime_env={"env_vars": {"PYTHONPATH": helper}})
    try:
        context = ray.data.DataContext.get_current()
        # With more than one actor the order is lost otherwise.
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        lines = records(a.input)
        data = ray.data.from_items([{"number": i, "text": line} for i, line in enumerate(lines)])
        rendered = data.map_batches(
            Render, fn_constructor_args=[a.command], batch_size=256, compute=ray.data.ActorPoolStrategy(size=max(1, a.workers - 1)))
        count = 0
        with whole_or_absent(a.output) as out:
            for row in rendered.iter_rows():
                if row["number"] != count:
                    raise RuntimeError(f"record {row['number']} came where record {count} was due")
                count += 1
                if row["lines"]:
                    out.write(row["lines"] + "\n")
            if count != len(lines):
                raise RuntimeError(f"{count} replies to {len(lines)} records")
    finally:
        ray.shutdown()


if __name__ == "__main__":
    main()
