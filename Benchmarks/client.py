#!/usr/bin/env python3
"""Compares the client with the official SDK under load, as a Markdown table.

    swift build -c release --product ClientBenchmark
    PYTHON Benchmarks/client.py [--samples 2000] [--operations 1000]

PYTHON has tinker==0.38.0. The server is scripted and in Swift; only the clients' own processor time counts.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

BINARY = Path(os.environ.get("CLIENT_BENCHMARK", Path(__file__).parent.parent / ".build/release/ClientBenchmark"))


def official(url: str, samples: int, operations: int) -> None:
    import tinker
    from tinker import types

    start = time.time()
    service = tinker.ServiceClient(base_url=url, api_key="tml-test")
    sampler = service.create_sampling_client(base_model="m")
    sampler = sampler.result() if hasattr(sampler, "result") else sampler
    prompt = types.ModelInput.from_ints(list(range(512)))
    futures = [sampler.sample(prompt, 1, types.SamplingParams(max_tokens=64)) for _ in range(samples)]
    assert all(len(f.result().sequences[0].tokens) == 64 for f in futures)
    trainer = service.create_lora_training_client("m")
    trainer = trainer.result() if hasattr(trainer, "result") else trainer
    datum = types.Datum(model_input=prompt, loss_fn_inputs={"target_tokens": list(range(512)), "weights": [1.0] * 512})
    queued = []
    for _ in range(operations // 2):
        queued.append(trainer.forward_backward([datum], "cross_entropy"))
        queued.append(trainer.optim_step(types.AdamParams()))
    for future in queued:
        future.result()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(usage.ru_utime + usage.ru_stime, time.time() - start, usage.ru_maxrss, flush=True)
    os._exit(0)


def measure(command: list[str], samples: int, operations: int) -> tuple[float, float, int, int]:
    server = subprocess.Popen([BINARY, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    url = server.stdout.readline().strip()
    env = os.environ | {"TINKER_TELEMETRY": "0"}
    out = subprocess.run(command + [url, str(samples), str(operations)], capture_output=True, text=True, env=env, check=True)
    server.stdin.close()
    requests = int(server.stdout.readline().split()[0])
    server.wait()
    processor, wall, memory = out.stdout.split()[-3:]
    return float(processor), float(wall), int(memory), requests


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--operations", type=int, default=1000)
    parser.add_argument("--official", nargs=3, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.official:
        official(args.official[0], int(args.official[1]), int(args.official[2]))
    rows = [
        ("TinkerKit", measure([str(BINARY), "load"], args.samples, args.operations)),
        ("official SDK", measure([sys.executable, __file__, "--official"], args.samples, args.operations)),
    ]
    print("| client | requests | wall s | requests/s | processor s | requests per processor s | peak MB |")
    print("|---|---|---|---|---|---|---|")
    for name, (processor, wall, memory, requests) in rows:
        print(f"| {name} | {requests} | {wall:.1f} | {requests / wall:.0f} | {processor:.2f} | {requests / processor:.0f} | {memory / 1024:.0f} |")


if __name__ == "__main__":
    main()
