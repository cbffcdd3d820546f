#!/usr/bin/env python3
"""Compare the embedded engine with PyTorch on the processor: one training step, sampling, peak memory.

    swift build -c release --product EngineBenchmark
    PYTHON Benchmarks/engine.py [--rounds 5] [--sample-tokens 64]

PYTHON has torch, transformers and safetensors. Both sides run the same weights (written by the engine), the same adapters
and the same batch; the losses of the first step must agree before anything is measured. PyTorch: one thread, sdpa attention,
frozen base without gradients. Rounds are interleaved, and each figure is the best of its rounds. `processor` is the time of
the whole process, which other programs disturb least.
"""
import argparse, os, pathlib, resource, subprocess, sys, tempfile, time

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = pathlib.Path(__file__).resolve().parent.parent
BATCH, LENGTH, VOCABULARY, RANK, ALPHA = 8, 512, 2048, 16, 32


class Engine:
    def __init__(self, binary, folder, threads):
        self.process = subprocess.Popen([binary, folder, str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        print(line, file=self.process.stdin, flush=True)
        return self.process.stdout.readline().split()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def torch_side(folder, model_path, adapter_path):
    """The same model in PyTorch: step() and sample(count, length), each returning (processor, wall, value)."""
    import torch
    import torch.nn.functional as F
    from safetensors.torch import load_file
    from transformers import Qwen3ForCausalLM

    torch.set_num_threads(1)
    where = lambda path: pathlib.Path(folder, *path.removeprefix("tinker://").split("/"))
    model = Qwen3ForCausalLM.from_pretrained(where(model_path), attn_implementation="sdpa", dtype=torch.float32)
    model.requires_grad_(False)
    adapter = load_file(where(adapter_path) / "adapter_model.safetensors")

    class Lora(torch.nn.Module):
        def __init__(self, base, name):
            super().__init__()
            self.base = base
            self.a = torch.nn.Parameter(adapter[f"base_model.model.{name}.lora_A.weight"])
            self.b = torch.nn.Parameter(adapter[f"base_model.model.{name}.lora_B.weight"])

        def forward(self, x):
            return self.base(x) + (ALPHA / RANK) * F.linear(F.linear(x, self.a), self.b)

    for name, module in [(n, m) for n, m in model.named_modules() if isinstance(m, torch.nn.Linear)]:
        parent, _, leaf = name.rpartition(".")
        setattr(model.get_submodule(parent) if parent else model, leaf, Lora(module, name))
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-3, betas=(0.9, 0.95), eps=1e-8, weight_decay=0)
    tokens = torch.tensor([[(e * 7919 + i * 104729 + i * i * 31) % VOCABULARY for i in range(LENGTH + 1)] for e in range(BATCH)])

    def timed(work):
        processor, wall = time.process_time(), time.perf_counter()
        value = work()
        return time.process_time() - processor, time.perf_counter() - wall, value

    def step():
        def work():
            logits = model(input_ids=tokens[:, :-1], use_cache=False).logits
            loss = F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten(), reduction="sum")
            loss.backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            return loss.item()
        return timed(work)

    def sample(count, length):
        def work():
            prompt = torch.tensor([[1, 2, 3, 4]]).repeat(count, 1)
            with torch.inference_mode():
                out = model.generate(prompt, do_sample=True, max_new_tokens=length, min_new_tokens=length, pad_token_id=0, eos_token_id=None)
            return (out.shape[1] - 4) * count
        return timed(work)

    return step, sample


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sample-tokens", type=int, default=64)
    parser.add_argument("--binary", default=str(ROOT / ".build/release/EngineBenchmark"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        one, two = Engine(options.binary, folder, 1), Engine(options.binary, folder, 2)
        step, sample = torch_side(folder, *one.ask("save"))
        rows = {}

        def note(name, who, figures):
            best = rows.setdefault(name, {}).setdefault(who, [float("inf")] * 2)
            rows[name][who] = [min(a, float(b)) for a, b in zip(best, figures)]

        mine, theirs = float(one.ask("step")[2]), step()[2]
        two.ask("step")
        if abs(mine - theirs) > 1e-4 * abs(theirs):
            sys.exit(f"the sides do not compute the same: loss {mine} and {theirs}")
        print(f"first loss: engine {mine:.4f}, torch {theirs:.4f}")
        for _ in range(options.rounds):
            note("step", "engine, 1 thread", one.ask("step")[:2])
            note("step", "torch", step()[:2])
            note("step", "engine, 2 threads", two.ask("step")[:2])
        for count in (1, 16):
            for _ in range(max(1, options.rounds // 2)):
                name = f"sample {count} × {options.sample_tokens}"
                note(name, "engine, 1 thread", one.ask(f"sample {count} {options.sample_tokens}")[:2])
                note(name, "torch", sample(count, options.sample_tokens)[:2])
                note(name, "engine, 2 threads", two.ask(f"sample {count} {options.sample_tokens}")[:2])
        memory = {"engine, 1 thread": int(one.ask("memory")[0]), "torch": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, "engine, 2 threads": int(two.ask("memory")[0])}
        one.close()
        two.close()
    names = ["engine, 1 thread", "torch", "engine, 2 threads"]
    print("\n| | " + " | ".join(names) + " | torch / engine |\n|---|---|---|---|---|")
    for name, columns in rows.items():
        for index, clock in enumerate(("processor", "wall")):
            cells = [f"{columns[n][index] * 1000:.0f} ms" for n in names]
            print(f"| {name}, {clock} | " + " | ".join(cells) + f" | {columns['torch'][index] / columns[names[0]][index]:.2f} |")
    print("| peak memory | " + " | ".join(f"{memory[n] / 1024:.0f} MB" for n in names) + f" | {memory['torch'] / memory[names[0]]:.2f} |")


if __name__ == "__main__":
    main()
