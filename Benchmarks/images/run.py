#!/usr/bin/env python3
"""Measures images against the references, everything in turn in one run.

    swift build -c release --package-path Benchmarks/images
    PYTHON Benchmarks/images/run.py [--rounds 5] [--memory] [--bench PATH]

PYTHON needs torch, torchvision, transformers 5.5.4 and pillow 13. Times are processor time of one
thread, the least of all rounds, in milliseconds; our output memory is used again from round to round.
"fast" and "slow" are the processors of transformers on a decoded picture, so that ours, which decodes,
is to be compared with decode + fast. "chunk" is the cookbook's way: open, decode, encode, count.
`--memory` instead measures the peak of resident memory above the loaded program and the file, each case
in a process of its own.
"""
import argparse, io, os, pathlib, resource, subprocess, sys, tempfile, time

CASES = [("224.jpg", 224, 224), ("224.png", 224, 224), ("640.jpg", 640, 480), ("640.png", 640, 480),
         ("1080.jpg", 1920, 1080), ("1080.png", 1920, 1080), ("12mp.jpg", 4032, 3024)]

REPEATS = 3  # in a row, in each round


def pictures(folder):
    """Pictures with the sizes of files that cameras make: waves, edges and some noise."""
    import numpy as np
    from PIL import Image
    for name, w, h in CASES:
        path = folder / name
        if path.exists(): continue
        g = np.random.Generator(np.random.PCG64(w))
        y, x = np.mgrid[0:h, 0:w].astype(np.float32)
        v = np.zeros((h, w, 3), np.float32)
        for k in range(10):
            fx, fy, phase = g.uniform(0, 3 + 3 * k, 3)
            v += np.sin(6.283 * (fx * x / w + fy * y / h) + phase)[..., None] * g.uniform(-30, 30, 3)
        v += (np.sin(x / 9) * np.sin(y / 7) > 0.6)[..., None] * 40
        v += g.normal(0, 2.5, (h, w, 3))
        picture = Image.fromarray(np.clip(v + 128, 0, 255).astype(np.uint8))
        picture.save(path, quality=90) if name.endswith("jpg") else picture.save(path)


class Ours:
    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, operation, path, repeats=REPEATS):
        print(operation, repeats, path, file=self.process.stdin, flush=True)
        best, peak = self.process.stdout.readline().split()
        return int(best) / 1e6, int(peak)


def references():
    import torch
    from PIL import Image
    from transformers import Qwen2VLImageProcessor
    from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil
    torch.set_num_threads(1)
    half = dict(patch_size=16, merge_size=2, temporal_patch_size=2, image_mean=[0.5] * 3, image_std=[0.5] * 3,
                size={"shortest_edge": 65536, "longest_edge": 16777216})
    fast, slow = Qwen2VLImageProcessor(**half), Qwen2VLImageProcessorPil(**half)

    def decode(path): return Image.open(path).convert("RGB")

    def chunk(path):
        # What tinker_cookbook's image_to_chunk does, without the chunk object.
        picture = Image.open(io.BytesIO(path.read_bytes()))
        if picture.mode in ("RGBA", "LA", "P"): picture = picture.convert("RGB")
        data = io.BytesIO()
        picture.save(data, format="JPEG")
        fast.get_number_of_image_patches(picture.height, picture.width, {}) // 4
        return data.getvalue()

    return dict(decode=decode, chunk=chunk, fast=lambda p: fast(images=p, return_tensors="pt"),
                slow=lambda p: slow(images=p, return_tensors="pt"))


def timed(call, argument):
    best = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        call(argument)
        best = min(best, time.process_time() - start)
    return best * 1e3


def times(bench, folder, rounds):
    ours, theirs = Ours(bench), references()
    print(f"{'file':10} {'decode':>8} {'copy':>7} {'ours':>8} {'/(d+c)':>7} | {'decode':>8} {'fast':>8} {'slow':>8} "
          f"{'fast×':>6} {'slow×':>6} | {'chunk':>7} {'cookbook':>8} | tokens µs")
    for name, _, _ in CASES:
        path, best = folder / name, {}
        decoded = theirs["decode"](path)
        for _ in range(rounds):
            for operation in ("decode", "patches", "copy", "chunk", "tokens"):
                best.setdefault(operation, []).append(ours.ask(operation, path)[0])
            for operation in ("decode", "chunk"):
                best.setdefault("their " + operation, []).append(timed(theirs[operation], path))
            for operation in ("fast", "slow"):
                best.setdefault(operation, []).append(timed(theirs[operation], decoded))
        b = {key: min(value) for key, value in best.items()}
        print(f"{name:10} {b['decode']:8.2f} {b['copy']:7.2f} {b['patches']:8.2f} "
              f"{b['patches'] / (b['decode'] + b['copy']):7.2f} | {b['their decode']:8.2f} {b['fast']:8.2f} "
              f"{b['slow']:8.2f} {(b['their decode'] + b['fast']) / b['patches']:6.1f} "
              f"{(b['their decode'] + b['slow']) / b['patches']:6.1f} | {b['chunk']:7.2f} {b['their chunk']:8.2f} | "
              f"{b['tokens']:.3f}", flush=True)


def memory(bench, folder):
    print(f"{'file':10} {'output':>8} {'ours':>8} {'fast':>8} {'slow':>8}   peak above the start, MiB")
    for name, w, h in CASES:
        path = folder / name
        ours = Ours(bench)
        before = ours.ask("load", path)[1]
        extra = [(ours.ask("patches", path)[1] - before) / 1024]
        for operation in ("fast", "slow"):
            done = subprocess.run([sys.executable, __file__, "--peak", operation, "--file", path], capture_output=True, text=True)
            extra.append(float(done.stdout) / 1024)
        output = round(h / 32) * round(w / 32) * 4 * 1536 * 4 / 2**20 if w * h > 65536 else 256 * 1536 * 4 / 2**20
        print(f"{name:10} {output:8.1f} " + " ".join(f"{value:8.1f}" for value in extra), flush=True)


def peak(operation, path):
    theirs = references()
    from PIL import Image
    theirs[operation](Image.new("RGB", (64, 64)))
    decoded = theirs["decode"](path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    theirs[operation](decoded)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = pathlib.Path(__file__).parent
    parser.add_argument("--bench", default=str(here / ".build/release/image-bench"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--peak", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=pathlib.Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peak: return peak(arguments.peak, arguments.file)
    folder = pathlib.Path(tempfile.gettempdir()) / "tinkerkit-image-bench"
    folder.mkdir(exist_ok=True)
    pictures(folder)
    memory(arguments.bench, folder) if arguments.memory else times(arguments.bench, folder, arguments.rounds)


if __name__ == "__main__":
    main()
