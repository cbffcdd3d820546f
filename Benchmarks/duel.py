#!/usr/bin/env python3
"""Compare the tokenizer with peers: one thread, one call per document, ids checked document by document.

    swift build -c release --product TokenizerBenchmark
    PYTHON Benchmarks/duel.py --tokenizers DIR --corpora DIR [--rounds 3] [--step 1] [--out Benchmarks/results/duel.md]
    PYTHON Benchmarks/duel.py --plot Benchmarks/results/duel.md Benchmarks/results/duel.png

PYTHON has tokenizers (the reference), numpy and whichever peers are named: `pip install tokenizers numpy gigatoken tiktoken
fastokens snaptokens tokie splintr-rs kitoken iree-tokenizer quicktok-v1`, and matplotlib for the plot. DIR/NAME/tokenizer.json for each of --names; DIR/CORPUS.jsonl by make_corpora.py, or any JSON Lines with `text`.

Every run is a process of its own, and the sides take turns. Figures are MB (10^6 bytes of UTF-8) per second of processor time:
cold is the first pass over the documents, warm the best of two later ones, each the median of the rounds; preparing happens
before the first pass and is a column of its own (of the reference only the checked run counts). Differences count documents whose ids are not the reference's.
"""
import argparse, importlib, importlib.metadata, json, os, pathlib, statistics, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PASSES = 3
WORD = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
TIKTOKEN_PATTERNS = {"qwen3": WORD % "", "llama3": WORD % "{1,3}"}


def documents(path, step):
    lines = path.read_text(encoding="utf-8").split("\n")
    return [json.loads(line)["text"] for line in lines[::step] if line]


def tiktoken_encoder(path, name):
    import tiktoken

    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {chr(byte): byte for byte in printable}
    letters |= {chr(256 + i): byte for i, byte in enumerate(b for b in range(256) if b not in printable)}
    data = json.loads(path.read_text(encoding="utf-8"))
    ranks = {bytes(letters[c] for c in token): id for token, id in data["model"]["vocab"].items() if all(c in letters for c in token)}
    special = {token["content"]: token["id"] for token in data["added_tokens"]}
    encoding = tiktoken.Encoding(name, pat_str=TIKTOKEN_PATTERNS[name], mergeable_ranks=ranks, special_tokens=special)
    return lambda text: encoding.encode(text, allowed_special="all")


def encoder(peer, path, name):
    if peer == "tiktoken":
        return tiktoken_encoder(path, name)
    if peer == "gigatoken":
        import gigatoken

        return gigatoken.Tokenizer(str(path)).encode
    if peer in ("fastokens", "snaptokens", "iree-tokenizer"):
        made = importlib.import_module({"iree-tokenizer": "iree.tokenizer"}.get(peer, peer)).Tokenizer.from_file(str(path))
        return lambda text: getattr(found := made.encode(text, add_special_tokens=False), "ids", found)
    if peer == "tokie":
        import tokie

        made = tokie.Tokenizer.from_json(str(path))
        return lambda text: made.encode(text, add_special_tokens=False).ids
    if peer == "splintr-rs":
        import splintr

        return splintr.from_json(str(path)).encode_with_special
    if peer == "kitoken":
        import kitoken

        kind = kitoken.Kitoken
        made = getattr(kind, "from_tokenizers_file", kind.from_file)(str(path))
        return lambda text: made.encode(text, True)
    if peer == "quicktok-v1":
        import quicktok

        made = quicktok.get_encoding(name)  # It brings the ranks of these models itself.
        return lambda text: made.encode(text, allowed_special="all")
    import tokenizers

    made = tokenizers.Tokenizer.from_file(str(path))
    return lambda text: made.encode(text, add_special_tokens=False).ids


def run_peer(peer, name, path, corpus, step, ids_file):
    """One run, in a process of its own; prints what the Swift side prints."""
    import numpy

    texts = documents(pathlib.Path(corpus), step)
    before = time.process_time()
    encode = encoder(peer, pathlib.Path(path), name)
    encode("Hello")
    load = time.process_time() - before
    seconds = []
    for _ in range(0 if ids_file else PASSES):
        before = time.process_time()
        for text in texts:
            encode(text)
        seconds.append(time.process_time() - before)
    if ids_file:
        before = time.process_time()
        found = [encode(text) for text in texts]
        seconds = [time.process_time() - before]
        with open(ids_file, "wb") as file:
            for ids in found:
                ids = numpy.asarray(ids, dtype=numpy.uint32)
                file.write(numpy.uint32(len(ids)).tobytes() + ids.tobytes())
    print(json.dumps({"load": load, "prepare": 0, "seconds": seconds, "bytes": sum(len(text.encode()) for text in texts)}))


def run(side, name, path, corpus, step, ids_file=None):
    if side == "tinkerkit":
        command = [ROOT / ".build/release/TokenizerBenchmark", path.parent, corpus, str(1 if ids_file else PASSES), str(step)]
        command += [ids_file] if ids_file else []
    else:
        command = [sys.executable, __file__, "--peer", side, "--names", name, "--tokenizers", path, "--corpora", corpus, "--step", str(step)]
        command += ["--ids", ids_file] if ids_file else []
    environment = os.environ | {"RAYON_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    command = [str(part) for part in command]
    return json.loads(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


def read_ids(path):
    import numpy

    words = numpy.fromfile(path, dtype=numpy.uint32)
    found, place = [], 0
    while place < len(words):
        end = place + 1 + int(words[place])
        found.append(words[place + 1 : end].tobytes())
        place = end
    return found


def differences(sides, name, path, corpus, step):
    with tempfile.TemporaryDirectory() as folder:
        found, runs = {}, {}
        for side in ["tokenizers", *(side for side in sides if side != "tokenizers")]:
            file = os.path.join(folder, side)
            runs[side] = run(side, name, path, corpus, step, file)
            found[side] = read_ids(file)
    reference = found["tokenizers"]
    return {side: sum(a != b for a, b in zip(ids, reference, strict=True)) for side, ids in found.items()}, len(reference), runs["tokenizers"]


def rate(runs, pick):
    return statistics.median(run["bytes"] / pick(run["seconds"]) / 1e6 for run in runs)


def duel(options):
    versions = []
    for side in options.sides:
        version = "of this commit" if side == "tinkerkit" else importlib.metadata.version(side)
        versions.append(f"{side} {version}")
    lines = [f"{', '.join(versions)}; {time.strftime('%Y-%m-%d')}; {os.cpu_count()} cores; every {options.step}. document; "
             f"medians of {options.rounds} rounds.", "",
             "| tokenizer | corpus | side | differing documents | cold MB/s | warm MB/s | load s | prepare s | machine load |",
             "|---|---|---|---|---|---|---|---|---|"]
    for name in options.names:
        path = options.tokenizers / name / "tokenizer.json"
        for corpus_name in options.texts:
            corpus = options.corpora / f"{corpus_name}.jsonl"
            sides = [side for side in options.sides if side not in ("tiktoken", "quicktok-v1") or name in TIKTOKEN_PATTERNS]
            wrong, count, reference = differences(sides, name, path, corpus, options.step)
            runs = {side: [] for side in sides}
            loads = []
            for _ in range(options.rounds):
                for side in sides:
                    if side == "tokenizers":  # A hundred times slower: the run that was checked says it.
                        runs[side] = [reference]
                        continue
                    loads.append(os.getloadavg()[0])
                    runs[side].append(run(side, name, path, corpus, options.step))
            for side in sides:
                cells = [name, corpus_name, side, f"{wrong[side]} of {count}", f"{rate(runs[side], lambda s: s[0]):.0f}",
                         "–" if side == "tokenizers" else f"{rate(runs[side], lambda s: min(s[1:])):.0f}", f"{statistics.median(r['load'] for r in runs[side]):.3f}",
                         f"{statistics.median(r['prepare'] for r in runs[side]):.3f}", f"{min(loads):.1f}–{max(loads):.1f}"]
                lines.append("| " + " | ".join(cells) + " |")
                print(lines[-1], flush=True)
    if options.out:
        command = "Benchmarks/duel.py " + " ".join(arg for arg in options.shown)
        options.out.write_text(f"# The tokenizer and its peers\n\n`{command}`\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


def plot(table, picture):
    """Bars of the rates in a table that this script wrote."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    rows = [[cell.strip() for cell in line.strip("| \n").split("|")] for line in table.read_text().split("\n") if line.startswith("| ")]
    rows = [row for row in rows if len(row) == 9 and row[3].endswith(tuple("0123456789"))]
    names = list(dict.fromkeys(row[0] for row in rows))
    sides = list(dict.fromkeys(row[2] for row in rows if row[2] != "tokenizers"))
    figure, axes = pyplot.subplots(len(names), 2, figsize=(11, 2.6 * len(names)), squeeze=False)
    for line, name in zip(axes, names):
        for axis, (column, what) in zip(line, [(4, "cold"), (5, "warm")]):
            corpora = list(dict.fromkeys(row[1] for row in rows if row[0] == name))
            for number, side in enumerate(sides):
                rates = {row[1]: float(row[column]) for row in rows if row[0] == name and row[2] == side}
                places = [place + 0.8 * number / len(sides) for place in range(len(corpora))]
                axis.bar(places, [rates.get(corpus, 0) for corpus in corpora], 0.8 / len(sides), align="edge", label=side)
            axis.set_xticks([place + 0.4 for place in range(len(corpora))], corpora)
            axis.set_title(f"{name}, {what}, MB/s", fontsize=10)
    figure.legend(*axes[0][0].get_legend_handles_labels(), loc="lower center", ncols=5, fontsize=8)
    figure.tight_layout(rect=(0, 0.06, 1, 1))
    figure.savefig(picture, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokenizers", type=pathlib.Path)
    parser.add_argument("--corpora", type=pathlib.Path)
    parser.add_argument("--plot", nargs=2, type=pathlib.Path, metavar=("TABLE", "PICTURE"))
    parser.add_argument("--names", nargs="+", default=["qwen3", "llama3", "deepseekv3"])
    parser.add_argument("--texts", nargs="+", default=["english", "code", "multilingual", "chat"])
    parser.add_argument("--sides", nargs="+", default=["tinkerkit", "gigatoken", "fastokens", "tiktoken", "tokenizers"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    parser.add_argument("--ids", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plot:
        plot(*options.plot)
        return
    if not options.tokenizers or not options.corpora:
        parser.error("--tokenizers and --corpora are needed")
    if options.peer:
        run_peer(options.peer, options.names[0], options.tokenizers, options.corpora, options.step, options.ids)
        return
    options.shown = [f"--step {options.step}", f"--rounds {options.rounds}", "--tokenizers DIR", "--corpora DIR"]
    duel(options)


if __name__ == "__main__":
    main()
