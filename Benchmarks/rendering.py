#!/usr/bin/env python3
"""Rendering in figures: throughput, start-up, load time, peak memory, as a Markdown table.

    Benchmarks/rendering.py [--tokenizer FOLDER] [--renderer qwen3] [--conversations 4000] [--reference PYTHON]

Standard library only. With --reference (an interpreter that has tinker-cookbook 0.6.1) the reference renders a part of
the same file in the same run. Every figure is the best of --repeat runs.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]


def conversations(path, count):
    """The demonstration repeated, each copy made different so that no cache answers a whole conversation."""
    source = [json.loads(line) for line in (ROOT / "Fixtures/conversations/demo.jsonl").read_text(encoding="utf-8").splitlines()]
    # Every family renders these: no declared tools.
    source = [r for r in source if "tools" not in r]
    words = [w for r in source for m in r["messages"] if isinstance(m["content"], str) for w in m["content"].split()]
    with open(path, "w", encoding="utf-8") as out:
        for i in range(count):
            record = json.loads(json.dumps(source[i % len(source)]))
            first = record["messages"][0]
            first["content"] += " " + " ".join(words[(i * 7 + k * 131) % len(words)] for k in range(12)) + f" {i}"
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def run(command, **options):
    """Seconds, seconds of processor time, and peak memory in MB of one run of a command."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=options.get("stdout", subprocess.DEVNULL), stdin=options.get("stdin", subprocess.DEVNULL))
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in options.get("accepted", (0,)):
        raise SystemExit(f"{' '.join(map(str, command))}: exit {process.returncode}")
    unit = 1e6 if sys.platform == "darwin" else 1e3  # ru_maxrss: bytes there, kilobytes here
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit


def best(repeat, command, **options):
    results = []
    for _ in range(repeat):
        if "input" in options:
            with open(options["input"], "rb") as file:
                results.append(run(command, stdin=file))
        else:
            results.append(run(command))
    return min(r[0] for r in results), min(r[1] for r in results), max(r[2] for r in results)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", default=str(ROOT / ".build/release/tinkerkit"))
    parser.add_argument("--tokenizer", default=str(ROOT / "Fixtures/tokenizers/tiny-qwen3"))
    parser.add_argument("--renderer", default="qwen3")
    parser.add_argument("--conversations", type=int, default=4000)
    parser.add_argument("--reference", help="python with tinker-cookbook 0.6.1")
    parser.add_argument("--repeat", type=int, default=5)
    a = parser.parse_args()
    rows = []

    with tempfile.TemporaryDirectory() as folder:
        data, one, few = (f"{folder}/{n}.jsonl" for n in ("data", "one", "few"))
        conversations(data, a.conversations)
        conversations(one, 1)
        conversations(few, min(400, a.conversations))
        requests, empty = f"{folder}/requests.jsonl", f"{folder}/empty.jsonl"
        with open(data, encoding="utf-8") as source, open(requests, "w", encoding="utf-8") as out:
            for i, line in enumerate(source):
                out.write(json.dumps({"id": i, "op": "supervised", "messages": json.loads(line)["messages"]}) + "\n")
        open(empty, "w").close()
        size = os.path.getsize(data) / 1e6
        common = ["--renderer", a.renderer, "--tokenizer", a.tokenizer]
        shown = f"--renderer {a.renderer} --tokenizer {os.path.relpath(a.tokenizer, ROOT) if a.tokenizer.startswith(str(ROOT)) else pathlib.Path(a.tokenizer).name}"

        start, cpu, memory = best(a.repeat * 4, [a.command, "--version"])
        rows.append(("start-up", f"{start * 1e3:.1f} ms", f"{cpu:.3f} s", f"{memory:.0f} MB", "tinkerkit --version"))
        load, cpu, memory = best(a.repeat, [a.command, "worker", *common], input=empty)
        rows.append(("start and load of tokenizer and renderer", f"{load * 1e3:.1f} ms", f"{cpu:.3f} s", f"{memory:.0f} MB",
                     f"tinkerkit worker {shown} < /dev/null"))
        for jobs in ([], ["--jobs", "1"]):
            command = [a.command, "render", data, *common, *jobs, "--output", f"{folder}/out.jsonl", "--quiet"]
            seconds, cpu, memory = best(a.repeat, command)
            rows.append((f"render, {'one core' if jobs else f'{os.cpu_count()} cores'}, with start",
                         f"{a.conversations / seconds:,.0f} conversations/s ({size / seconds:.1f} MB/s)", f"{cpu:.2f} s", f"{memory:.0f} MB",
                         f"tinkerkit render DATA {shown}{' --jobs 1' if jobs else ''} --output OUT"))
        seconds, cpu, memory = best(a.repeat, [a.command, "worker", *common], input=requests)
        rows.append(("worker, one core, with start", f"{a.conversations / seconds:,.0f} conversations/s", f"{cpu:.2f} s",
                     f"{memory:.0f} MB",
                     f"tinkerkit worker {shown} < REQUESTS"))

        if a.reference:
            script = str(ROOT / "Benchmarks/reference_render.py")
            answers = [json.loads(subprocess.check_output([a.reference, script, a.tokenizer, a.renderer, few])) for _ in range(2)]
            _, _, memory = run([a.reference, script, a.tokenizer, a.renderer, one])
            quickest = min(answers, key=lambda r: r["render"])
            rows.append(("reference: imports and load", f"{min(r['load'] for r in answers) * 1e3:,.0f} ms", "", "", "python reference_render.py …"))
            rows.append(("reference: rendering alone, one core",
                         f"{quickest['conversations'] / quickest['render']:,.0f} conversations/s", "", f"{memory:.0f} MB", "python reference_render.py TOKENIZER RENDERER DATA"))

    print(f"{a.conversations} conversations, {size:.1f} MB, renderer {a.renderer}, {os.cpu_count()} cores, best of {a.repeat}\n")
    print("| what | figure | processor time | peak memory | command |\n|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row[:4]) + f" | `{row[4]}` |")


if __name__ == "__main__":
    main()
