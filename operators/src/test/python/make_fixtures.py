#!/usr/bin/env python3
"""Writes the small model packages that the scoring tests load.

Usage: python3 make_fixtures.py [DIRECTORY]     (default: ../resources/models)

Needs torch 1.13 or newer, numpy and Pillow: the tokenizers are word tables written by hand, and the
golden logits come from eager PyTorch on ids that this script computes itself, so that a mistake of
the Java side cannot hide in them. Weights are random with a fixed seed; the packages judge nothing,
they only notice when an input is wrong.

cls-one       BERT layout, token types that matter, one logit, fp32 and bf16 weights
cls-two       XLM-R layout (two separators, no token types, pad id 1), [no, yes] columns
yes-no        causal layout, logits of the whole vocabulary at every position
yes-no-last   the same model, logits of the last real position only
yes-no-fused  the same model, the difference of the yes and no logits
yes-only      causal layout with a line per text, the logit of the one token "yes" is the score
cls-bias      XLM-R layout, one logit from two layers, to which the package adds a bias
yes-no-traced a decoder in the build of Llama and Qwen, traced as deploy/model/export_hf.py traces, fp32 and bf16 weights
pictures      BERT layout, pictures of 8 x 8 pixels as four [IMG] tokens each, fp32 weights
"""
import base64
import copy
import io
import json
import math
import os
import re
import sys

import numpy as np
import torch
from PIL import Image
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
for _folder in ("tests", ""):
    sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "..", "deploy", "model", _folder))
import export  # noqa: E402
import rerank_graphs  # noqa: E402
import test_rerank_graphs  # noqa: E402

WORDS = (
    "a an the of in on for with without and or not is are was red green blue black white yellow "
    "denim cotton wool silk leather linen jacket coat shirt dress skirt trousers jeans shoes boots "
    "hat scarf bag belt sock men women kids vintage modern casual formal summer winter warm light "
    "cheap expensive new used small large long short slim loose brand sale price size colour what "
    "which where how capital city country river mountain china france japan beijing paris tokyo "
    "cat dog bird fish tree house car train plane boat one two three four five six seven eight nine "
    "ten 复古 牛仔 外套 连衣裙 红色 蓝色 价格 便宜 query document instruct judge whether answer yes no"
).split()
PUNCTUATION = [".", ",", "?", "!", ":", "<", ">", ">:", "?<", "."]
HIDDEN = 24


def split(text):
    """What the tokenizers library calls the Whitespace pre-tokenizer, after lower-casing."""
    return re.findall(r"\w+|[^\w\s]+", text.lower())


class Vocabulary:
    def __init__(self, control, unknown):
        self.tokens = list(dict.fromkeys(control + WORDS + PUNCTUATION))
        self.index = {token: i for i, token in enumerate(self.tokens)}
        self.control = control
        self.unknown = unknown

    def ids(self, text):
        return [self.index.get(t, self.index[self.unknown]) for t in split(text)]

    def ids_with_control(self, text):
        pattern = "|".join(re.escape(c) for c in self.control)
        ids = []
        for part in re.split("(" + pattern + ")", text):
            ids += [self.index[part]] if part in self.control else self.ids(part)
        return ids

    def tokenizer(self, post_processor):
        return {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [
                {
                    "id": self.index[c],
                    "content": c,
                    "single_word": False,
                    "lstrip": False,
                    "rstrip": False,
                    "normalized": False,
                    "special": True,
                }
                for c in self.control
            ],
            "normalizer": {"type": "Lowercase"},
            "pre_tokenizer": {"type": "Whitespace"},
            "post_processor": post_processor,
            "decoder": None,
            "model": {"type": "WordLevel", "vocab": self.index, "unk_token": self.unknown},
        }


def template(vocabulary, first, separator, last, type_of_second):
    def special(token, type_id):
        return {"SpecialToken": {"id": token, "type_id": type_id}}

    pair = [special(first, 0), {"Sequence": {"id": "A", "type_id": 0}}]
    pair += [special(s, 0) for s in separator]
    pair += [{"Sequence": {"id": "B", "type_id": type_of_second}}, special(last, type_of_second)]
    return {
        "type": "TemplateProcessing",
        "single": [special(first, 0), {"Sequence": {"id": "A", "type_id": 0}}, special(last, 0)],
        "pair": pair,
        "special_tokens": {
            t: {"id": t, "ids": [vocabulary.index[t]], "tokens": [t]}
            for t in dict.fromkeys([first, last] + separator)
        },
    }


class Encoder(nn.Module):
    """One attention layer; `types` of 0 leaves token types out, `causal` looks back only."""

    def __init__(self, size, types, outputs, causal):
        super().__init__()
        self.words = nn.Embedding(size, HIDDEN)
        self.positions = nn.Embedding(256, HIDDEN)
        self.types = nn.Embedding(max(types, 1), HIDDEN)
        self.query = nn.Linear(HIDDEN, HIDDEN)
        self.key = nn.Linear(HIDDEN, HIDDEN)
        self.value = nn.Linear(HIDDEN, HIDDEN)
        self.mix = nn.Linear(HIDDEN, HIDDEN)
        self.head = nn.Linear(HIDDEN, outputs)
        self.causal = causal
        self.scale = float(HIDDEN**0.5)

    def hidden(self, input_ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor):
        length = input_ids.size(1)
        place = torch.arange(length, device=input_ids.device)
        x = self.words(input_ids) + 0.3 * self.positions(place).unsqueeze(0) + self.types(types)
        scores = torch.matmul(self.query(x), self.key(x).transpose(1, 2)) / self.scale
        closed = (mask == 0).unsqueeze(1).expand(-1, length, -1)
        if self.causal:
            closed = closed | (place.unsqueeze(0) > place.unsqueeze(1)).unsqueeze(0)
        scores = scores.masked_fill(closed, -10000.0)
        return x + torch.tanh(self.mix(torch.matmul(torch.softmax(scores, -1), self.value(x))))


class TypedClassifier(Encoder):
    def forward(self, input_ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor):
        return 6.0 * self.head(self.hidden(input_ids, mask, types)[:, 0]).float()


class UntypedClassifier(Encoder):
    def forward(self, input_ids: torch.Tensor, mask: torch.Tensor):
        types = torch.zeros_like(input_ids)
        return 6.0 * self.head(self.hidden(input_ids, mask, types)[:, 0]).float()


class Causal(Encoder):
    def forward(self, input_ids: torch.Tensor, mask: torch.Tensor):
        return self.head(self.hidden(input_ids, mask, torch.zeros_like(input_ids)))


class CausalLast(Encoder):
    def forward(self, input_ids: torch.Tensor, mask: torch.Tensor):
        x = self.hidden(input_ids, mask, torch.zeros_like(input_ids))
        last = mask.sum(1) - 1
        return self.head(x[torch.arange(x.size(0)), last])


class CausalFused(Encoder):
    yes: int
    no: int

    def forward(self, input_ids: torch.Tensor, mask: torch.Tensor):
        x = self.hidden(input_ids, mask, torch.zeros_like(input_ids))
        logits = self.head(x[torch.arange(x.size(0)), mask.sum(1) - 1])
        return logits[:, self.yes] - logits[:, self.no]


class PictureClassifier(Encoder):
    """Each quarter of a picture takes the place of one placeholder, in order of appearance."""

    placeholder: int

    def __init__(self, size, placeholder):
        super().__init__(size, 2, 1, False)
        self.placeholder = placeholder
        self.vision = nn.Linear(48, HIDDEN)

    def forward(
        self, input_ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor, pixels: torch.Tensor
    ):
        length = input_ids.size(1)
        n = pixels.size(0)
        quarters = pixels.reshape(n, 3, 2, 4, 2, 4).permute(0, 2, 4, 1, 3, 5).reshape(n * 4, 48)
        place = torch.arange(length, device=input_ids.device)
        words = self.words(input_ids)
        picture = (input_ids == self.placeholder).unsqueeze(2).expand_as(words)
        words = words.masked_scatter(picture, self.vision(quarters))
        x = words + 0.3 * self.positions(place).unsqueeze(0) + self.types(types)
        scores = torch.matmul(self.query(x), self.key(x).transpose(1, 2)) / self.scale
        scores = scores.masked_fill((mask == 0).unsqueeze(1).expand(-1, length, -1), -10000.0)
        x = x + torch.tanh(self.mix(torch.matmul(torch.softmax(scores, -1), self.value(x))))
        return 6.0 * self.head(x[:, 0]).float()


class DeepClassifier(Encoder):
    def __init__(self, size):
        super().__init__(size, 0, 16, False)
        self.score = nn.Linear(16, 1)

    def forward(self, input_ids: torch.Tensor, mask: torch.Tensor):
        x = self.hidden(input_ids, mask, torch.zeros_like(input_ids))[:, 0]
        return 6.0 * self.score(torch.relu(self.head(x))).squeeze(1)


PAIRS = [
    ("red cotton dress", "a red dress of light cotton for summer"),
    ("red cotton dress", "black leather boots for men, used"),
    ("复古 牛仔 外套", "复古 牛仔 外套 蓝色 vintage denim jacket"),
    ("what is the capital of china?", "beijing is the capital city of china."),
    ("what is the capital of china?", "paris"),
    ("cheap warm coat", "a warm wool coat, long, for winter: price is small and the size is large, new"),
    ("unheardof word", "another unheardof thing and a dog"),
]


def write(directory, lines, tokenizer, golden, models):
    os.makedirs(directory, exist_ok=True)
    with open(os.path.join(directory, "model.yaml"), "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")
    with open(os.path.join(directory, "tokenizer.json"), "w", encoding="utf-8") as f:
        json.dump(tokenizer, f, ensure_ascii=False, indent=1)
        f.write("\n")
    with open(os.path.join(directory, "golden.jsonl"), "w", encoding="utf-8") as f:
        for line in golden:
            f.write(json.dumps(line, ensure_ascii=False) + "\n")
    for name, model in models.items():
        export.save_script(model.eval(), os.path.join(directory, name))


def golden(score, ids_of):
    lines = []
    for query, document in PAIRS:
        ids, types = ids_of(query, document)
        tensors = [torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.long)]
        if types is not None:
            tensors.append(torch.tensor([types]))
        with torch.no_grad():
            logit = score(tensors, ids)
        lines.append(
            {"query": query, "document": document, "input_ids": ids, "logit": round(logit, 6)}
        )
    return lines


def bert_like(root):
    torch.manual_seed(1)
    v = Vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]"], "[UNK]")
    model = TypedClassifier(len(v.tokens), 2, 1, False).eval()

    def ids_of(query, document):
        first = [v.index["[CLS]"]] + v.ids(query) + [v.index["[SEP]"]]
        second = v.ids(document) + [v.index["[SEP]"]]
        return first + second, [0] * len(first) + [1] * len(second)

    lines = golden(lambda t, ids: model(*t).item(), ids_of)
    half = TypedClassifier(len(v.tokens), 2, 1, False)
    half.load_state_dict(model.state_dict())
    write(
        os.path.join(root, "cls-one"),
        [
            "schema: 1",
            "name: cls-one",
            'version: "1"',
            "kind: sequence-classification",
            "languages: [en, zh]",
            "license: Apache-2.0",
            "weights: {fp32: model.pt, bf16: model-bf16.pt}",
            "tokenizer: tokenizer.json",
            "inputs: [input_ids, attention_mask, token_type_ids]",
            "outputs: 1",
            "pad_token_id: 0",
            "limits: {max_tokens: 64, max_query_tokens: 16}",
            "temperature: 1.5",
            "golden: {file: golden.jsonl, tolerance: {fp32: 0.001, bf16: 0.15}}",
        ],
        v.tokenizer(template(v, "[CLS]", ["[SEP]"], "[SEP]", 1)),
        lines,
        {"model.pt": model, "model-bf16.pt": half.bfloat16()},
    )


def xlmr_like(root):
    torch.manual_seed(2)
    v = Vocabulary(["<s>", "<pad>", "</s>", "<unk>"], "<unk>")
    model = UntypedClassifier(len(v.tokens), 0, 2, False).eval()

    def ids_of(query, document):
        end = v.index["</s>"]
        return [v.index["<s>"]] + v.ids(query) + [end, end] + v.ids(document) + [end], None

    def score(tensors, ids):
        no, yes = model(*tensors)[0].tolist()
        return yes - no

    write(
        os.path.join(root, "cls-two"),
        [
            "schema: 1",
            "name: cls-two",
            'version: "1"',
            "kind: sequence-classification",
            "license: Apache-2.0",
            "weights: {fp32: model.pt}",
            "tokenizer: tokenizer.json",
            "inputs: [input_ids, attention_mask]",
            "outputs: 2",
            "pad_token_id: 1",
            "limits: {max_tokens: 48, max_query_tokens: 12}",
            "temperature: 1.0",
            "golden: {file: golden.jsonl, tolerance: {fp32: 0.001}}",
        ],
        v.tokenizer(template(v, "<s>", ["</s>", "</s>"], "</s>", 0)),
        golden(score, ids_of),
        {"model.pt": model},
    )


def yes_no(root):
    torch.manual_seed(3)
    v = Vocabulary(["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<unk>"], "<unk>")
    size = len(v.tokens)
    model = Causal(size, 0, size, True).eval()
    last, fused = CausalLast(size, 0, size, True), CausalFused(size, 0, size, True)
    last.load_state_dict(model.state_dict())
    fused.load_state_dict(model.state_dict())
    yes, no = v.index["yes"], v.index["no"]
    fused.yes, fused.no = yes, no
    prefix = "<|im_start|>judge whether the document is an answer: yes or no<|im_end|><|im_start|>"
    suffix = "<|im_end|><|im_start|>answer:"
    instruction = "answer the query"

    def ids_of(query, document):
        # One string, as the models of this kind are trained: "?<" of a question is one token.
        body = "<Instruct>: " + instruction + "<Query>: " + query + "<Document>: " + document
        return v.ids_with_control(prefix) + v.ids(body) + v.ids_with_control(suffix), None

    def score(tensors, ids):
        logits = model(*tensors)[0, len(ids) - 1]
        return (logits[yes] - logits[no]).item()

    lines = golden(score, ids_of)
    tokenizer = v.tokenizer(None)
    for name, output, module in (
        ("yes-no", "logits", model),
        ("yes-no-last", "logits", last),
        ("yes-no-fused", "fused", fused),
    ):
        write(
            os.path.join(root, name),
            [
                "schema: 1",
                "name: " + name,
                'version: "1"',
                "kind: yes-no",
                "license: Apache-2.0",
                "weights: {fp32: model.pt}",
                "tokenizer: tokenizer.json",
                "inputs: [input_ids, attention_mask]",
                "pad_token_id: 0",
                "limits: {max_tokens: 96, max_query_tokens: 12}",
                "temperature: 1.0",
                "golden: {file: golden.jsonl, tolerance: {fp32: 0.001}}",
                "prompt:",
                '  prefix: "' + prefix + '"',
                '  suffix: "' + suffix + '"',
                '  instruction: "<Instruct>: {instruction}"',
                '  query: "<Query>: {query}"',
                '  document: "<Document>: {document}"',
                "  default_instruction: " + instruction,
                'yes_no: {yes: "yes", no: "no", output: ' + output + "}",
            ],
            tokenizer,
            lines,
            {"model.pt": module},
        )


def picture(seed):
    pixels = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    content = io.BytesIO()
    Image.fromarray(pixels, "RGB").save(content, "PNG")
    values = torch.tensor(pixels.astype(np.float32) / 255.0).permute(2, 0, 1)
    return base64.b64encode(content.getvalue()).decode("ascii"), (values - 0.5) / 0.5


def with_pictures(root):
    torch.manual_seed(4)
    v = Vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[IMG]"], "[UNK]")
    model = PictureClassifier(len(v.tokens), v.index["[IMG]"]).eval()
    block = [v.index["[IMG]"]] * 4
    lines = []
    for i, (query, document) in enumerate(PAIRS):
        line = {"query": query, "document": document if i != 4 else ""}
        tensors = []
        first, second = [v.index["[CLS]"]], []
        if i % 3 == 0:
            line["query_image"], values = picture(2 * i)
            tensors.append(values)
            first += block
        if i % 2 == 0:
            line["document_image"], values = picture(2 * i + 1)
            tensors.append(values)
            second += block
        first += v.ids(query) + [v.index["[SEP]"]]
        second += v.ids(line["document"]) + [v.index["[SEP]"]]
        ids = first + second
        pixels = torch.stack(tensors) if tensors else torch.zeros(0, 3, 8, 8)
        types = [0] * len(first) + [1] * len(second)
        with torch.no_grad():
            logit = model(
                torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.long), torch.tensor([types]), pixels
            ).item()
        line["input_ids"] = ids
        line["logit"] = round(logit, 6)
        lines.append(line)
    write(
        os.path.join(root, "pictures"),
        [
            "schema: 1",
            "name: pictures",
            'version: "1"',
            "kind: sequence-classification",
            "license: Apache-2.0",
            "weights: {fp32: model.pt}",
            "tokenizer: tokenizer.json",
            "inputs: [input_ids, attention_mask, token_type_ids]",
            "pad_token_id: 0",
            "limits: {max_tokens: 64, max_query_tokens: 16}",
            'images: {placeholder: "[IMG]", processor: fixed, size: 8, tokens: 4}',
            "golden: {file: golden.jsonl, tolerance: {fp32: 0.001}}",
        ],
        v.tokenizer(template(v, "[CLS]", ["[SEP]"], "[SEP]", 1)),
        lines,
        {"model.pt": model},
    )


def yes_only(root):
    torch.manual_seed(4)
    v = Vocabulary(["<pad>", "<eos>", "<bos>", "<unk>"], "<unk>")
    size = len(v.tokens)
    model = CausalLast(size, 0, size, True).eval()
    question = "judge whether the document is an answer to the query: yes or no."

    def ids_of(query, document):
        # Every part by itself, as the models of this kind are trained.
        parts = ["query: " + query, "document: " + document, question]
        return [v.index["<bos>"]] + [i for part in parts for i in v.ids(part)], None

    write(
        os.path.join(root, "yes-only"),
        [
            "schema: 1",
            "name: yes-only",
            'version: "1"',
            "kind: yes-no",
            "license: Apache-2.0",
            "weights: {fp32: model.pt}",
            "tokenizer: tokenizer.json",
            "inputs: [input_ids, attention_mask]",
            "pad_token_id: 0",
            "limits: {max_tokens: 80, max_query_tokens: 12}",
            "golden: {file: golden.jsonl, tolerance: {fp32: 0.001}}",
            "prompt:",
            '  prefix: "<bos>"',
            '  query: "query: {query}\\n"',
            '  document: "document: {document}"',
            '  suffix: "\\n' + question + '"',
            'yes_no: {yes: "yes", no: null}',
        ],
        v.tokenizer(None),
        golden(lambda t, ids: model(*t)[0, v.index["yes"]].item(), ids_of),
        {"model.pt": model},
    )


def biased(root):
    torch.manual_seed(5)
    v = Vocabulary(["<s>", "<pad>", "</s>", "<unk>"], "<unk>")
    model = DeepClassifier(len(v.tokens)).eval()

    def ids_of(query, document):
        end = v.index["</s>"]
        return [v.index["<s>"]] + v.ids(query) + [end, end] + v.ids(document) + [end], None

    def score(tensors, ids):
        # As the original reports it: a probability, of which the logit is taken.
        probability = torch.sigmoid(model(*tensors).double() - 2.65).item()
        return math.log(probability / (1 - probability))

    write(
        os.path.join(root, "cls-bias"),
        [
            "schema: 1",
            "name: cls-bias",
            'version: "1"',
            "kind: sequence-classification",
            "license: Apache-2.0",
            "weights: {fp32: model.pt}",
            "tokenizer: tokenizer.json",
            "inputs: [input_ids, attention_mask]",
            "outputs: 1",
            "pad_token_id: 1",
            "limits: {max_tokens: 48, max_query_tokens: 12}",
            "logit_bias: -2.65",
            "golden: {file: golden.jsonl, tolerance: {fp32: 0.001}}",
        ],
        v.tokenizer(template(v, "<s>", ["</s>", "</s>"], "</s>", 0)),
        golden(score, ids_of),
        {"model.pt": model},
    )


def traced(root):
    torch.manual_seed(6)
    v = Vocabulary(["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<unk>"], "<unk>")
    size = len(v.tokens)
    decoder, weight = test_rerank_graphs.Decoder(size).eval(), 2 * torch.randn(size, test_rerank_graphs.WIDTH)
    prefix = "<|im_start|>is the document an answer to the query?<|im_end|><|im_start|>"
    suffix = "<|im_end|><|im_start|>"

    def ids_of(query, document):
        body = "<Query>: " + query + "<Document>: " + document
        return v.ids_with_control(prefix) + v.ids(body) + v.ids_with_control(suffix), None

    def score(tensors, ids):
        logits = test_rerank_graphs.original(decoder, weight, ids)
        return (logits[v.index["yes"]] - logits[v.index["no"]]).item()

    lines = golden(score, ids_of)
    direction = rerank_graphs.fused_head(weight, v.index["yes"], v.index["no"])
    rows = [line["input_ids"] for line in lines[:2]]
    models = {}
    for name, dtype in (("model.pt", torch.float32), ("model-bf16.pt", torch.bfloat16)):
        models[name] = rerank_graphs.trace(rerank_graphs.YesNoGraph(decoder, direction, dtype), rows)
        decoder = copy.deepcopy(decoder)
    write(
        os.path.join(root, "yes-no-traced"),
        [
            "schema: 1",
            "name: yes-no-traced",
            'version: "1"',
            "kind: yes-no",
            "license: Apache-2.0",
            "weights: {fp32: model.pt, bf16: model-bf16.pt}",
            "tokenizer: tokenizer.json",
            "inputs: [input_ids, attention_mask]",
            "pad_token_id: 0",
            "limits: {max_tokens: 96, max_query_tokens: 12}",
            "golden: {file: golden.jsonl, tolerance: {fp32: 0.001, bf16: 0.4}}",
            "prompt:",
            '  prefix: "' + prefix + '"',
            '  suffix: "' + suffix + '"',
            '  query: "<Query>: {query}"',
            '  document: "<Document>: {document}"',
            'yes_no: {yes: "yes", no: "no", output: fused}',
        ],
        v.tokenizer(None),
        lines,
        models,
    )


if __name__ == "__main__":
    target = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "..", "resources", "models")
    bert_like(target)
    xlmr_like(target)
    yes_no(target)
    yes_only(target)
    biased(target)
    traced(target)
    with_pictures(target)
