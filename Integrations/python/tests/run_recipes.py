#!/usr/bin/env python3
"""Runs each recipe whose engine this Python has, and compares what it wrote with `render`, byte for byte.

    run_recipes.py [--records 2000] [--only NAME] [--need dask_bag,hf_datasets] [--times]

Each recipe also runs with a worker that dies in the middle, by SIGKILL and with status 0: it must fail, and leave no
output. The command is $TINKERKIT (default: .build/release/tinkerkit). The last line is `N passed, M failed`.
"""
import argparse
import importlib.util
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
TOOL = os.environ.get("TINKERKIT", str(ROOT / ".build/release/tinkerkit"))
OPTIONS = ["-t", str(ROOT / "Fixtures/tokenizers/tiny-qwen3"), "-r", "qwen3"]
ENGINES = {
    "plain_shards": None, "dask_bag": "dask.bag", "hf_datasets": "datasets", "parquet_columns": "pyarrow",
    "spark_pipe": "pyspark", "ray_data": "ray.data", "beam_pipeline": "apache_beam",
}


def has(module):
    try:
        return module is None or importlib.util.find_spec(module) is not None
    except ImportError:
        return False


def data(path, count):
    """Conversations without two alike; line ends and separators inside the texts among them."""
    source = [json.loads(line) for line in (ROOT / "Fixtures/conversations/demo.jsonl").read_text(encoding="utf-8").splitlines()]
    with open(path, "w", encoding="utf-8") as out:
        for i in range(count):
            record = json.loads(json.dumps(source[i % len(source)]))
            record["id"] = f"r{i}"
            record["messages"].insert(0, {"role": "user", "content": f"no. {i}: \u2028 ü 😀 a\tb"})
            record["messages"].insert(1, {"role": "assistant", "content": f"noted {i}"})
            if record["messages"][2]["role"] == "system":
                del record["messages"][2]
            out.write(json.dumps(record, ensure_ascii=i % 2 == 0) + "\n")


def parquet(source, path):
    """The same records as columns, as Arrow makes them: with nulls where keys are missing."""
    import pyarrow
    import pyarrow.parquet

    rows = [json.loads(line) for line in open(source, encoding="utf-8")]
    for row in rows:
        for message in row["messages"]:
            # A column has one type: here that of a text.
            if not isinstance(message["content"], str):
                message["content"] = "".join(part.get("text", "") for part in message["content"])
            message.pop("tool_calls", None)
        row.pop("tools", None)
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path, row_group_size=300)
    with open(f"{path}.jsonl", "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row) + "\n")
    return f"{path}.jsonl"


def parquet_lines(path):
    import pyarrow.parquet

    for row in pyarrow.parquet.read_table(path).to_pylist():
        yield [row["id"], row["tokens"], row["weights"]]


class Runs:
    def __init__(self, folder, a):
        self.folder, self.passed, self.failed, self.times = folder, 0, 0, a.times
        self.input = f"{folder}/data.jsonl"
        data(self.input, a.records)
        self.records = a.records

    def note(self, name, is_right, text):
        self.passed, self.failed = self.passed + is_right, self.failed + (not is_right)
        print(f"{'ok  ' if is_right else 'FAIL'} {name}: {text}", flush=True)

    def recipe(self, name, command, source, output, workers=2):
        start = time.time()
        run = subprocess.run(
            [sys.executable, str(HERE.parent / f"recipes/{name}.py"), source, output, "--command", shlex.join(command),
             "--workers", str(workers)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600)
        return run, time.time() - start

    def check(self, name):
        more = {"plain_shards": ["--expand", "none"], "parquet_columns": ["--format", "tokens"]}.get(name, [])
        source = parquet(self.input, f"{self.folder}/data.parquet") if name == "parquet_columns" else self.input
        expected = f"{self.folder}/{name}.expected"
        start = time.time()
        subprocess.run([TOOL, "render", source, *OPTIONS, *more, "--quiet", "-o", expected], check=True)
        plain = time.time() - start
        command = [TOOL, "worker", *OPTIONS, *more]
        given = source.removesuffix(".jsonl") if name == "parquet_columns" else source
        output = f"{self.folder}/{name}.out"
        run, seconds = self.recipe(name, command, given, output)
        if run.returncode != 0:
            return self.note(name, False, f"status {run.returncode}\n{run.stdout}")
        if name == "parquet_columns":
            wanted = [[x["id"], x["tokens"], x["weights"]] for x in map(json.loads, open(expected, encoding="utf-8"))]
            is_same = list(parquet_lines(output)) == wanted
        else:
            is_same = pathlib.Path(output).read_bytes() == pathlib.Path(expected).read_bytes()
        times = f"; {seconds:.1f} s, render {plain:.1f} s" if self.times else ""
        self.note(name, is_same, ("the bytes of render" if is_same else f"differs from {expected}") + times)
        os.unlink(output)
        if name == "plain_shards":
            return self.shards_start_again(command, output)
        dying = [sys.executable, str(HERE / "dying_worker.py")]
        for way in ([], ["--quietly"]):
            run, _ = self.recipe(name, [*dying, *way, str(self.records // 7), *command], given, output)
            is_loud = run.returncode != 0 and not os.path.exists(output)
            self.note(name, is_loud, f"a worker that dies {'with status 0' if way else 'by SIGKILL'} fails the job"
                      if is_loud else f"status {run.returncode}, output {os.path.exists(output)}\n{run.stdout[-2000:]}")

    def shards_start_again(self, command, output):
        """A shard that fails leaves nothing; started again, only what is missing is done."""
        bad = f"{self.folder}/bad.jsonl"
        lines = open(self.input, encoding="utf-8").read().rstrip("\n").split("\n")
        with open(bad, "w", encoding="utf-8") as out:
            out.write("\n".join([*lines[:3], "{", *lines[4:]]) + "\n")
        run, _ = self.recipe("plain_shards", command, bad, output)
        left = [os.path.exists(f"{output}.{i}-of-2") for i in range(2)]
        is_loud = run.returncode != 0 and left == [True, False] and not os.path.exists(output)
        self.note("plain_shards", is_loud, "a bad record fails its shard, and leaves the others"
                  if is_loud else f"status {run.returncode}, shards {left}\n{run.stdout}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--only", action="append", choices=list(ENGINES))
    parser.add_argument("--need", default="", help="engines that must be there")
    parser.add_argument("--times", action="store_true")
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        runs = Runs(folder, a)
        for name in a.only or ENGINES:
            if has(ENGINES[name]):
                try:
                    runs.check(name)
                except Exception as error:  # of one recipe: the others still run
                    runs.note(name, False, repr(error))
            elif name in a.need.split(","):
                runs.note(name, False, f"{ENGINES[name]} is not installed, and --need names it")
            else:
                print(f"skip {name}: {ENGINES[name]} is not installed in {sys.prefix}")
    print(f"{runs.passed} passed, {runs.failed} failed")
    return runs.failed != 0


if __name__ == "__main__":
    sys.exit(main())
