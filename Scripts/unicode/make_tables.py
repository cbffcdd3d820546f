"""Writes Sources/TinkerTokenizer/Unicode/Generated from what the reference really does.

    pip install tokenizers==0.22.2
    python3 Scripts/unicode/make_tables.py

The reference mixes Unicode versions: regular expressions follow 16.0, normal forms 9.0, lower case
and digits 17.0, punctuation 8.0. So every table is swept: each code point goes through the reference,
and the answer is the table. Only the values of combining classes come from elsewhere (Python's
`unicodedata`), because a sweep shows their order and not their numbers; that they have that order is
checked. A class never changes once a character has one, so any version serves.
"""

import pathlib
import unicodedata

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers

assert tokenizers.__version__ == "0.22.2", tokenizers.__version__
OUT = pathlib.Path(__file__).parents[2] / "Sources/TinkerTokenizer/Unicode/Generated"
LIMIT = 0x110000
CODE_POINTS = [c for c in range(LIMIT) if not 0xD800 <= c <= 0xDFFF]
CHUNK = 20000

# The order gives the numbers; GeneralCategory.swift has the same order.
CATEGORIES = (
    "Cn Cc Cf Co Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp".split()
)


# ---- sweeps

def chunks():
    for start in range(0, len(CODE_POINTS), CHUNK):
        yield CODE_POINTS[start:start + CHUNK]


def matched(step):
    """The code points that a pre-tokenizer which keeps only matches keeps."""
    found = set()
    for part in chunks():
        for piece, _ in step.pre_tokenize_str("".join(map(chr, part))):
            found.update(map(ord, piece))
    return found


def matched_by(pattern):
    return matched(pre_tokenizers.Split(Regex(pattern), "removed", invert=True))


def changed_by(normalizer):
    """code point -> code points, for those that a normalizer changes."""
    changes = {}
    for c in CODE_POINTS:
        out = normalizer.normalize_str(chr(c))
        if out != chr(c):
            changes[c] = [ord(x) for x in out]
    return changes


def dropped_by(step):
    """The code points that a step takes for delimiters."""
    kept = set()
    for part in chunks():
        for piece, _ in step.pre_tokenize_str("".join(map(chr, part))):
            kept.update(map(ord, piece))
    return set(CODE_POINTS) - kept


def word_characters():
    """What the reference's other regex engine calls a word character, checked on added tokens."""
    step = pre_tokenizers.Whitespace()
    words = set()
    for part in chunks():
        text = " ".join("a" + chr(c) + "a" for c in part)
        for _, (start, end) in step.pre_tokenize_str(text):
            if start % 4 == 0 and end - start == 3:
                words.add(part[start // 4])
    tokenizer = Tokenizer(models.BPE(vocab={"a": 0}, merges=[]))
    tokenizer.add_tokens([AddedToken("T", single_word=True, normalized=False)])
    for part in chunks():
        for c, encoding in zip(part, tokenizer.encode_batch([chr(c) + "T" for c in part])):
            assert (1 in encoding.ids) == (c not in words) or c == ord("T"), hex(c)
    return words


def fold_classes():
    """Sets of characters that are one character to `(?i:)`, of two or more."""
    cased = sorted(matched_by(r"[\p{Changes_When_Casefolded}\p{Changes_When_Casemapped}]+"))
    text = " ".join(map(chr, cased))
    classes, seen = [], set()
    for c in cased:
        if c in seen:
            continue
        step = pre_tokenizers.Split(Regex("(?i:\\x{%x})" % c), "removed", invert=True)
        equal = sorted({ord(p) for p, _ in step.pre_tokenize_str(text)})
        if len(equal) > 1:
            classes.append(equal)
            seen.update(equal)
    return classes


# ---- normal forms

def combining_classes(decomposed):
    nfd = normalizers.NFD()
    classes = {}
    for c in CODE_POINTS:
        if c in decomposed:
            continue
        low, high = "a" + chr(c) + "\u0334", "a\u0345" + chr(c)
        if nfd.normalize_str(low) != low or nfd.normalize_str(high) != high:
            classes[c] = unicodedata.combining(chr(c))
            assert classes[c] > 0, hex(c)
    witnesses = {}
    for c, value in classes.items():
        witnesses.setdefault(value, c)
    for c, value in classes.items():
        for other, witness in witnesses.items():
            text = "a" + chr(witness) + chr(c)
            assert (nfd.normalize_str(text) != text) == (other > value), (hex(c), hex(witness))
    return classes


def compositions(decomposed):
    """(first, second) -> composed, Hangul left out."""
    nfc = normalizers.NFC()
    pairs = {}
    for c, parts in decomposed.items():
        if 0xAC00 <= c <= 0xD7A3 or len(parts) < 2 or nfc.normalize_str(chr(c)) != chr(c):
            continue
        first = nfc.normalize_str("".join(map(chr, parts[:-1])))
        assert len(first) == 1, hex(c)
        assert nfc.normalize_str(first + chr(parts[-1])) == chr(c), hex(c)
        pairs[ord(first), parts[-1]] = c
    return pairs


# ---- writing

def varint(value):
    """Five bits a character, lowest first; '0'... ends a number, 'P'... goes on."""
    out = ""
    while value >= 32:
        out += chr(80 + (value & 31))
        value >>= 5
    return out + chr(48 + value)


def runs(values):
    """Run lengths and values over all code points; `values` maps code point -> value, else 0."""
    out, start = "", 0
    for c in range(1, LIMIT + 1):
        if c == LIMIT or values.get(c, 0) != values.get(start, 0):
            out += varint(c - start) + varint(values.get(start, 0))
            start = c
    return out


def boundaries(members):
    """Distances between the code points where a set begins or ends."""
    out, last, inside = "", 0, False
    for c in range(LIMIT + 1):
        now = c in members
        if now != inside:
            out += varint(c - last)
            last, inside = c, now
    return out


def mapping(entries):
    """Per entry: distance from the key before, number of values, values."""
    out, last = "", 0
    for key in sorted(entries):
        out += varint(key - last) + varint(len(entries[key])) + "".join(map(varint, entries[key]))
        last = key
    return out


def literal(text):
    lines = [text[i:i + 92] for i in range(0, len(text), 92)]
    return '#"""\n' + "".join("    " + line + "\\#\n" for line in lines[:-1]) \
        + "    " + lines[-1] + '\n    """#'


def write(name, comment, constants):
    body = "".join(
        f"\n  /// {doc}\n  static let {constant}: StaticString = {literal(text)}\n"
        for constant, doc, text in constants)
    text = (
        "// swift-format-ignore-file\n"
        "// Made by Scripts/unicode/make_tables.py with tokenizers 0.22.2. Do not edit.\n\n"
        + "".join(f"/// {line}\n" for line in comment)
        + f"enum {name} {{{body}}}\n")
    (OUT / f"{name}.swift").write_text(text)
    print(name, len(text))


def main():
    OUT.mkdir(parents=True, exist_ok=True)

    category = {}
    for number, name in enumerate(CATEGORIES):
        for c in matched_by(r"\p{%s}+" % name):
            assert c not in category, (hex(c), name)
            category[c] = number
    assert set(category) == set(CODE_POINTS)
    han = matched_by(r"\p{Han}+")
    white = matched_by(r"\s+")
    assert white == dropped_by(pre_tokenizers.WhitespaceSplit())
    # Surrogates (Cs) are in no text; they stand as Cn.
    kinds = {c: category.get(c, 0) | (c in han) << 5 | (c in white) << 6 for c in range(LIMIT)}
    write("CategoryData", ["Categories, Han and White_Space of Unicode 16.0: what regular expressions see."], [
        ("kinds", "Runs of category + 32 (Han) + 64 (White_Space).", runs(kinds))])

    write("WordData", ["Word characters of Unicode 16.0, of the two engines that the reference uses."], [
        ("addedTokenWord", "Borders of `\\w` for added tokens: Alphabetic, Mark, Nd, Pc, Join_Control.",
         boundaries(word_characters())),
        ("patternWord", "Borders of `\\w` in patterns: as above without Join_Control, and `²³¹¼½¾`.",
         boundaries(matched_by(r"\w+")))])

    write("FoldData", ["Case folding of Unicode 16.0, character by character, for `(?i:)` in patterns."], [
        ("classes", "Per class: number of members, members.",
         "".join(varint(len(x)) + "".join(map(varint, x)) for x in fold_classes()))])

    write("LowercaseData", ["Lower case of Unicode 17.0, character by character."], [
        ("lowercase", "Code point to its lower case.", mapping(changed_by(normalizers.Lowercase())))])

    punctuation = dropped_by(pre_tokenizers.Punctuation("removed"))
    # A run of digits is one piece between two letters, and a letter is not a digit.
    digits = set()
    for part in chunks():
        text = "a".join(map(chr, part)) + "a"
        for piece, (start, end) in pre_tokenizers.Digits(False).pre_tokenize_str(text):
            if end - start == 1 and start % 2 == 0:
                digits.add(part[start // 2])
    marks = set(CODE_POINTS)
    for part in chunks():
        marks -= set(map(ord, normalizers.StripAccents().normalize_str("".join(map(chr, part)))))
    write("StepData", ["Classes of characters that single steps use, each of its own Unicode version."], [
        ("punctuation", "Borders of ASCII punctuation and category P of Unicode 8.0: Punctuation.",
         boundaries(punctuation)),
        ("digits", "Borders of categories Nd, Nl, No of Unicode 17.0: Digits.", boundaries(digits)),
        ("marks", "Borders of category M of Unicode 9.0: StripAccents.", boundaries(marks))])

    forms = {name: changed_by(getattr(normalizers, name)()) for name in ("NFC", "NFD", "NFKC", "NFKD")}
    classes = combining_classes(forms["NFD"])
    pairs = compositions(forms["NFD"])
    seconds = {second for _, second in pairs} | set(range(0x1161, 0x1176)) | set(range(0x11A8, 0x11C3))
    check = {}
    for c in CODE_POINTS:
        flags = (c in forms["NFC"] or c in seconds) | (c in forms["NFD"]) << 1 \
            | (c in forms["NFKC"] or c in seconds) << 2 | (c in forms["NFKD"]) << 3 | (c in classes) << 4
        if flags:
            check[c] = flags
    hangul = range(0xAC00, 0xD7A4)
    canonical = {c: parts for c, parts in forms["NFD"].items() if c not in hangul}
    compatible = {c: parts for c, parts in forms["NFKD"].items()
                  if c not in hangul and canonical.get(c) != parts}
    write("NormalFormData", ["Normal forms of Unicode 9.0. Hangul syllables are computed, not listed."], [
        ("check", "Runs of 1 (may change in NFC), 2 (NFD), 4 (NFKC), 8 (NFKD), 16 (has a class).", runs(check)),
        ("classes", "Runs of canonical combining classes.", runs(classes)),
        ("canonical", "Code point to its full canonical decomposition.", mapping(canonical)),
        ("compatible", "Code point to its full compatibility decomposition, where another.",
         mapping(compatible)),
        ("compositions", "Composed character to the two that make it.",
         mapping({c: list(pair) for pair, c in pairs.items()}))])


if __name__ == "__main__":
    main()
