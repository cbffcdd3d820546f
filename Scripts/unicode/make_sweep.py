"""Writes Tests/TinkerTokenizerTests/Unicode/SweepResults.swift: check sums of what the reference does
with every assigned code point.

    pip install tokenizers==0.22.2
    python3 Scripts/unicode/make_sweep.py

Every code point stands on a line of its own, and the whole text goes through a normalizer or a split.
The sum runs over the code points of the result; UnicodeSweepTests does the same.
"""

import json
import pathlib

import tokenizers
from tokenizers import Tokenizer

assert tokenizers.__version__ == "0.22.2", tokenizers.__version__
OUT = pathlib.Path(__file__).parents[2] / "Tests/TinkerTokenizerTests/Unicode/SweepResults.swift"
CODE_POINTS = [c for part in (range(0xD800), range(0xE000, 0x32400), range(0xE0000, 0xE0200)) for c in part]
TEXT = "\n".join(map(chr, CODE_POINTS))

CATEGORIES = (
    "Cn Cc Cf Co Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp".split()
)
PATTERNS = [r"\p{%s}" % name for name in CATEGORIES + ["Han"]] + [
    r"\w", r"\s", r"(?i:s)", r"(?i:[a-zà-þα-ω])"]


def reference(part, description):
    model = {"type": "BPE", "vocab": {"a": 0}, "merges": []}
    return getattr(
        Tokenizer.from_str(json.dumps({"version": "1.0", "model": model, part: description})), part)


def check_sum(text):
    value = 14695981039346656037
    for scalar in text:
        value = ((value ^ ord(scalar)) * 1099511628211) % 2**64
    return value


def main():
    rows = []
    for kind in ("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents"):
        description = {"type": kind}
        rows.append(("normalizer", description,
                     check_sum(reference("normalizer", description).normalize_str(TEXT))))
    splits = [{"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Removed", "invert": True}
              for pattern in PATTERNS]
    splits += [{"type": "Digits", "individual_digits": True}, {"type": "Punctuation", "behavior": "Isolated"},
               {"type": "Whitespace"}]
    for description in splits:
        pieces = reference("pre_tokenizer", description).pre_tokenize_str(TEXT)
        rows.append(("pre_tokenizer", description, check_sum("\n".join(piece for piece, _ in pieces))))
    lines = "".join(
        f'    ("{part}", #"{json.dumps(description, ensure_ascii=False)}"#, 0x{value:016X}),\n'
        for part, description, value in rows)
    OUT.write_text(
        "// swift-format-ignore-file\n"
        "// Made by Scripts/unicode/make_sweep.py with tokenizers 0.22.2. Do not edit.\n\n"
        "/// What the reference makes of every assigned code point, each on a line of its own.\n"
        "enum SweepResults {\n"
        "  static let all: [(part: String, json: String, checkSum: UInt64)] = [\n"
        f"{lines}  ]\n}}\n")


if __name__ == "__main__":
    main()
