"""BERT tokenization in plain Python, equal to a Hugging Face `tokenizer.json` of BertNormalizer, BertPreTokenizer and WordPiece.

`learn` makes a vocabulary: every ASCII character, the 3,755 common Chinese characters of GB 2312 level 1, every other character of
the corpus, some symbols and emoji, and English word pieces by merging the most frequent pairs.
"""

import json
import unicodedata
from collections import Counter, defaultdict

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[IMG]"]
PAD, UNK, CLS, SEP, MASK, IMG = range(6)
MAX_WORD = 100
SYMBOLS = "，。！？、：；（）【】《》“”‘’「」『』·…—～￥×°℃™®©€£¥§±÷＋－＝％＆＠＃／｜→←↑↓★☆●■▲◆♥♡✓✔✅❤✨🔥😍👗👟🎁💕⭐👍☀❄🌸🎉💯🎀👜👠👔👖🧥🧣🧢💄💍🎧📱💻⌚🏃🏕🏖🌊🌿🍀🌈🌟💪😊😂🥰🙏🎄🎂🐶🐱🧸🎮📦🚚⚡⏰🛒💰🆕"
FULL_WIDTH = "ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ０１２３４５６７８９"

_CJK = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B920, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))
# White_Space of Unicode; Python's isspace differs in the four separators U+001C..1F.
_SPACES = set("\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000")


def _is_cjk(char):
    code = ord(char)
    return code >= 0x3400 and any(low <= code <= high for low, high in _CJK)


def normalize(text):
    """clean_text, handle_chinese_chars, strip_accents, lowercase: in this order."""
    out = []
    for char in text:
        if char in _SPACES and char not in "\x0b\x0c\x85":
            out.append(" ")
        elif char == "\ufffd" or unicodedata.category(char) in ("Cc", "Cf", "Co"):
            continue
        elif _is_cjk(char):
            out.append(" " + char + " ")
        else:
            out.append(char)
    text = "".join(out)
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    return "".join(char.lower() for char in text)


def _is_punctuation(char):
    code = ord(char)
    if code < 128:
        return 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126
    return unicodedata.category(char).startswith("P")


def words(text):
    """The pre-tokenizer's words: split at white space, each punctuation character by itself."""
    found, word = [], ""
    for char in normalize(text):
        if char in _SPACES:
            if word:
                found.append(word)
            word = ""
        elif _is_punctuation(char):
            if word:
                found.append(word)
            found.append(char)
            word = ""
        else:
            word += char
    return found + [word] if word else found


class Tokenizer:
    """Encodes texts and pairs. Truncation takes from the end of the document only, as the job does."""

    def __init__(self, vocabulary):
        self.vocabulary = vocabulary
        self._pieces = {}

    @classmethod
    def load(cls, path):
        with open(path, encoding="utf-8") as file:
            return cls(json.load(file)["model"]["vocab"])

    def _word(self, word):
        known = self._pieces.get(word)
        if known is not None:
            return known
        ids, start = [], 0
        if len(word) > MAX_WORD:
            ids = [UNK]
        else:
            while start < len(word):
                end = len(word)
                while end > start:
                    piece = ("##" if start else "") + word[start:end]
                    if piece in self.vocabulary:
                        break
                    end -= 1
                if end == start:
                    ids = [UNK]
                    break
                ids.append(self.vocabulary[piece])
                start = end
        self._pieces[word] = ids
        return ids

    def encode(self, text):
        return [i for word in words(text) for i in self._word(word)]

    def pair(self, query, document, before_query=(), before_document=(), max_tokens=160, max_query_tokens=64):
        """`(input_ids, token_type_ids)` of `[CLS] query [SEP] document [SEP]`; the `before_...` ids (pictures) stand before the texts and are never cut."""
        first = list(before_query) + self.encode(query)[:max_query_tokens]
        second = list(before_document) + self.encode(document)[: max_tokens - len(first) - len(before_document) - 3]
        return [CLS] + first + [SEP] + second + [SEP], [0] * (len(first) + 2) + [1] * (len(second) + 1)


def learn(texts, merges):
    """Vocabulary `{piece: id}` from an iterable of texts, with `merges` learnt English pieces."""
    counts = Counter()
    for text in texts:
        counts.update(words(text))
    characters = set("".join(counts))
    ascii_characters = [chr(code) for code in range(33, 127) if not chr(code).isupper()]
    common = [bytes((0xB0 + row, 0xA1 + cell)).decode("gb2312") for row in range(40) for cell in range(94) if row < 39 or cell < 89]
    singles = ascii_characters + common + list(SYMBOLS + FULL_WIDTH) + sorted(characters)
    vocabulary = dict.fromkeys(SPECIAL)
    for char in singles:
        vocabulary.setdefault(char)
    for char in singles:
        # Only word characters follow others inside a word; punctuation and Chinese characters stand alone.
        if not _is_cjk(char) and not _is_punctuation(char):
            vocabulary.setdefault("##" + char)
    split = {word: [word[0]] + ["##" + c for c in word[1:]] for word in counts if counts[word] > 2 and word.isascii() and word.isalpha() and len(word) < 20}
    pairs, where = Counter(), defaultdict(set)
    for word, pieces in split.items():
        for pair in zip(pieces, pieces[1:]):
            pairs[pair] += counts[word]
            where[pair].add(word)
    for _ in range(merges):
        if not pairs:
            break
        best = max(pairs, key=lambda p: (pairs[p], p))
        if pairs[best] < 5:
            break
        joined = best[0] + best[1][2:]
        vocabulary.setdefault(joined)
        for word in sorted(where.pop(best)):
            pieces = split[word]
            merged, at = [], 0
            while at < len(pieces):
                if tuple(pieces[at:at + 2]) == best:
                    merged.append(joined)
                    at += 2
                else:
                    merged.append(pieces[at])
                    at += 1
            if len(merged) != len(pieces):
                for pair in zip(pieces, pieces[1:]):
                    pairs[pair] -= counts[word]
                for pair in zip(merged, merged[1:]):
                    pairs[pair] += counts[word]
                    where[pair].add(word)
                split[word] = merged
        del pairs[best]
    return {piece: i for i, piece in enumerate(vocabulary)}


def write(vocabulary, path):
    """Writes `tokenizer.json`, without truncation or padding: the scorer decides about both."""
    def template(kind, sequence, type_id):
        return {kind: {"id": sequence, "type_id": type_id}}

    single = [template("SpecialToken", "[CLS]", 0), template("Sequence", "A", 0), template("SpecialToken", "[SEP]", 0)]
    document = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [dict(id=i, content=token, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True) for i, token in enumerate(SPECIAL)],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": True, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": single,
            "pair": single + [template("Sequence", "B", 1), template("SpecialToken", "[SEP]", 1)],
            "special_tokens": {token: {"id": token, "ids": [i], "tokens": [token]} for i, token in enumerate(SPECIAL) if token in ("[CLS]", "[SEP]")},
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": MAX_WORD, "vocab": vocabulary},
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")
