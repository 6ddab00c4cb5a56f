#!/usr/bin/env python3
"""Writes a model package from a checkpoint in Hugging Face's format that lies in a folder: weights as TorchScript, tokenizer, golden pairs, model.yaml.

    export_hf.py --checkpoint bge-reranker-v2-m3 --package packages/bge-reranker-v2-m3
    export_hf.py --checkpoint Qwen3-Reranker-0.6B --package packages/qwen3-reranker-0.6b --prompt qwen3-reranker --max-tokens 2048

Without --prompt the checkpoint is a classifier of pairs (BERT, RoBERTa, XLM-R; one or two labels). With it, a decoder that answers yes
or no after a prompt; its graph computes the two answers' difference alone. --prompt names a built-in prompt (qwen3-reranker, bge-gemma) or a JSON
file with the fields prefix, instruction, query, document, suffix, default_instruction, yes and no (null: the logit of yes alone is the score).

Golden logits come from the checkpoint's own code in fp32, one pair at a time. Before the script ends, each file it wrote is read again and scores
the golden pairs in padded batches; it refuses what differs. Nothing is downloaded. Needs PyTorch and transformers 5, and memory for the checkpoint in fp32.
"""

import argparse
import json
import math
import os
import re
import sys

try:
    import torch
    from torch import nn

    import rerank_graphs as graphs
    from export import save_script
except ImportError as missing:
    sys.exit("%s lacks the package '%s': pip install torch numpy transformers." % (sys.executable, missing.name))

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
# RoBERTa and its relatives count places from the padding token's id plus one.
PLACES_AFTER_PADDING = {"bert": False, "roberta": True, "xlm-roberta": True, "camembert": True}

PROMPTS = {
    "qwen3-reranker": {
        "prefix": '<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the Instruct provided. '
        'Note that the answer can only be "yes" or "no".<|im_end|>\n<|im_start|>user\n',
        "instruction": "<Instruct>: {instruction}\n",
        "query": "<Query>: {query}\n",
        "document": "<Document>: {document}",
        "suffix": "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n",
        "default_instruction": "Given a web search query, retrieve relevant passages that answer the query",
        "yes": "yes",
        "no": "no",
    },
    "bge-gemma": {
        "prefix": "<bos>",
        "instruction": "",
        "query": "A: {query}\n",
        "document": "B: {document}",
        "suffix": "\nGiven a query A and a passage B, determine whether the passage contains an answer to the query by providing a prediction of "
        "either 'Yes' or 'No'.",
        "default_instruction": "",
        "yes": "Yes",
        "no": None,
        # The original tokenizes each line, and each line break, by itself.
        "lines": True,
    },
}

PAIRS = [
    ("what is a panda?", "The giant panda is a bear species endemic to China."),
    ("what is a panda?", "hi"),
    ("red summer dress", "Red floral chiffon dress for summer, breathable, V-neck"),
    ("red summer dress", "Men's hiking shoes, waterproof"),
    ("复古风牛仔外套", "复古水洗牛仔外套女宽松 vintage denim jacket"),
    ("复古风牛仔外套", "304不锈钢保温杯 500ml"),
    ("how long do I boil an egg", "Boil a large egg for nine to twelve minutes, then cool it in water. " * 4),
    ("?", "."),
]


class Refused(Exception):
    """A checkpoint or an option that cannot be used, said in a sentence."""


class Classifier(nn.Module):
    """A classifier of transformers, given everything that it would otherwise make on a device by name."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.first_place = model.config.pad_token_id + 1 if PLACES_AFTER_PADDING[model.config.model_type] else 0

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.model(
            input_ids=input_ids,
            attention_mask=graphs.padding_mask(attention_mask, self.model.dtype),
            token_type_ids=input_ids * 0 if token_type_ids is None else token_type_ids,
            position_ids=graphs.position_ids(attention_mask) + self.first_place,
            return_dict=False,
        )[0]


class Decoder(nn.Module):
    """The decoder below a causal language model of transformers."""

    def __init__(self, model):
        super().__init__()
        self.body = model.get_decoder()
        rotary = self.body.rotary_emb
        self.body.rotary_emb = graphs.Rotary(rotary.inv_freq, rotary.attention_scaling)

    def forward(self, input_ids, mask, position_ids):
        return self.body(input_ids=input_ids, attention_mask=mask, position_ids=position_ids, use_cache=False, return_dict=False)[0]


def classifier_graph(model, token_types, dtype=torch.float32):
    """The graph of a sequence classifier of transformers; Refused for architectures whose inputs are not known here."""
    if model.config.model_type not in PLACES_AFTER_PADDING:
        raise Refused("A classifier of type %s is not known here; known are %s." % (model.config.model_type, ", ".join(sorted(PLACES_AFTER_PADDING))))
    if model.config.num_labels not in (1, 2):
        raise Refused("The checkpoint has %d labels; a reranker has one, or two (no, yes)." % model.config.num_labels)
    return graphs.ClassifierGraph(Classifier(model), token_types, dtype)


def yes_no_graph(model, yes, no, dtype=torch.float32):
    """The graph of a causal language model of transformers that gives one logit; Refused where its attention or head is of another kind."""
    config = model.config
    if getattr(config, "final_logit_softcapping", None):
        raise Refused("The checkpoint bounds its logits (final_logit_softcapping), so their difference is not one product; it cannot be fused.")
    if "sliding_attention" in (getattr(config, "layer_types", None) or []):
        raise Refused("The checkpoint has layers with sliding windows, which the graph does not.")
    rope = (getattr(config, "rope_parameters", None) or {}).get("rope_type", "default")
    if rope in ("dynamic", "longrope"):
        raise Refused("The checkpoint's rotary positions (%s) depend on the input's length, which a graph cannot hold." % rope)
    direction = graphs.fused_head(model.get_output_embeddings().weight, yes, no)
    return graphs.YesNoGraph(Decoder(model), direction, dtype)


def answer_id(tokenizer, field, answer):
    """The one token of an answer."""
    ids = tokenizer.encode(answer, add_special_tokens=False)
    if len(ids) != 1:
        raise Refused("The prompt's %s is '%s', which this tokenizer splits into %d tokens; it must be exactly one." % (field, answer, len(ids)))
    return ids[0]


def prompt_ids(tokenizer, prompt, query, document):
    """Token ids of a pair as the original makes them: prefix, texts and suffix each by themselves."""
    texts = prompt["instruction"] + prompt["query"] + prompt["document"]
    parts = [prompt["prefix"], texts, prompt["suffix"]]
    if prompt.get("lines"):
        parts = [piece for part in parts for piece in re.split("(\n)", part) if piece]
    values = {"{instruction}": prompt["default_instruction"], "{query}": query, "{document}": document}
    ids = []
    for part in parts:
        filled = re.sub(r"\{(instruction|query|document)\}", lambda match: values[match.group()], part)
        ids += tokenizer.encode(filled, add_special_tokens=False)
    return ids


def read_prompt(name):
    if name in PROMPTS:
        return PROMPTS[name]
    try:
        with open(name, encoding="utf-8") as file:
            prompt = json.load(file)
    except FileNotFoundError:
        raise Refused("--prompt is '%s', which is neither built in (%s) nor a file." % (name, ", ".join(PROMPTS)))
    except ValueError as wrong:
        raise Refused("%s is not readable as JSON: %s." % (name, wrong))
    missing = [field for field in ("query", "document", "yes") if field not in prompt]
    if missing:
        raise Refused("%s lacks the field %s." % (name, " and ".join(missing)))
    return {"prefix": "", "instruction": "", "suffix": "", "default_instruction": "", "no": None, **prompt}


def read_pairs(path):
    if path is None:
        return PAIRS
    try:
        with open(path, encoding="utf-8") as file:
            rows = [json.loads(line) for line in file if line.strip()]
        return [(row["query"], row["document"]) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise Refused('%s must hold a JSON object {"query": ..., "document": ...} per line: %r.' % (path, wrong))


class Checkpoint:
    """A folder with config.json, weights and tokenizer, and how its code scores a pair."""

    def __init__(self, folder, prompt):
        if not os.path.isfile(os.path.join(folder, "config.json")):
            raise Refused("There is no checkpoint in %s: it has no config.json. Download it first, with: hf download NAME --local-dir %s" % (folder, folder))
        try:
            import transformers
        except ImportError:
            raise Refused("%s has no transformers; install version 5." % sys.executable)
        if int(transformers.__version__.split(".")[0]) < 5:
            raise Refused("transformers %s builds masks that cannot be traced; install version 5." % transformers.__version__)
        self.folder, self.prompt = folder, prompt
        self.tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
        if not self.tokenizer.is_fast:
            raise Refused("The tokenizer of %s cannot be written as tokenizer.json." % folder)
        self.tokenizer.backend_tokenizer.no_truncation()
        self.tokenizer.backend_tokenizer.no_padding()
        self.pad = next((i for i in (self.tokenizer.pad_token_id, self.tokenizer.eos_token_id) if i is not None), 0)
        self.token_types = prompt is None and "token_type_ids" in self.tokenizer.model_input_names
        if prompt is not None:
            self.yes = answer_id(self.tokenizer, "yes", prompt["yes"])
            self.no = None if prompt["no"] is None else answer_id(self.tokenizer, "no", prompt["no"])

    def model(self):
        from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

        kind = AutoModelForSequenceClassification if self.prompt is None else AutoModelForCausalLM
        return kind.from_pretrained(self.folder, dtype=torch.float32, local_files_only=True).eval()

    def graph(self, precision):
        if self.prompt is None:
            return classifier_graph(self.model(), self.token_types, DTYPES[precision]).eval()
        return yes_no_graph(self.model(), self.yes, self.no, DTYPES[precision]).eval()

    def encode(self, query, document):
        """Token ids, and token types or None."""
        if self.prompt is not None:
            return prompt_ids(self.tokenizer, self.prompt, query, document), None
        encoded = self.tokenizer(query, document)
        return encoded["input_ids"], encoded.get("token_type_ids") if self.token_types else None

    def logits(self, encoded):
        """What the checkpoint's own code says of each pair by itself."""
        model, logits = self.model(), []
        with torch.no_grad():
            for ids, types in encoded:
                given = {"input_ids": torch.tensor([ids]), "attention_mask": torch.ones(1, len(ids), dtype=torch.long)}
                if types is not None:
                    given["token_type_ids"] = torch.tensor([types])
                answer = model(**given).logits[0]
                if self.prompt is not None:
                    answer = answer[-1]
                    logits.append((answer[self.yes] - (0 if self.no is None else answer[self.no])).item())
                else:
                    logits.append((answer[0] if len(answer) == 1 else answer[1] - answer[0]).item())
        return logits


def padded_logits(graph, encoded, pad):
    """Logits of a graph in batches of other pairs: all at once, then three by three."""
    worst = []
    with torch.no_grad():
        for size in (len(encoded), 3):
            logits = []
            for start in range(0, len(encoded), size):
                part = encoded[start: start + size]
                types = None if part[0][1] is None else [types for _, types in part]
                values = graph(*graphs.batch([ids for ids, _ in part], pad, types))
                logits += (values[:, 1] - values[:, 0] if values.dim() == 2 else values).tolist()
            worst.append(logits)
    return worst


def describe(options, checkpoint, labels, tolerance):
    """The lines of model.yaml. A JSON string is a YAML string."""
    quoted = lambda text: json.dumps(text, ensure_ascii=False)  # noqa: E731
    lines = ["# Written by deploy/model/export_hf.py.", "schema: 1", "name: " + options.name, "version: " + quoted(options.version)]
    lines.append("kind: " + ("sequence-classification" if checkpoint.prompt is None else "yes-no"))
    if options.license:
        lines.append("license: " + quoted(options.license))
    lines.append("weights: {%s}" % ", ".join("%s: %s" % (p, file_of(p)) for p in options.precisions))
    lines.append("tokenizer: tokenizer.json")
    lines.append("inputs: [input_ids, attention_mask%s]" % (", token_type_ids" if checkpoint.token_types else ""))
    if checkpoint.prompt is None:
        lines.append("outputs: %d" % labels)
    lines.append("pad_token_id: %d" % checkpoint.pad)
    lines.append("limits: {max_tokens: %d, max_query_tokens: %d}" % (options.max_tokens, options.max_query_tokens or options.max_tokens // 4))
    lines.append("temperature: %s" % options.temperature)
    lines.append("golden: {file: golden.jsonl, tolerance: {%s}}" % ", ".join("%s: %s" % item for item in tolerance.items()))
    if checkpoint.prompt is not None:
        lines.append("prompt:")
        for field in ("prefix", "instruction", "query", "document", "suffix", "default_instruction"):
            if checkpoint.prompt[field]:
                lines.append("  %s: %s" % (field, quoted(checkpoint.prompt[field])))
        lines.append("yes_no: {yes: %s, no: %s, output: fused}" % (quoted(checkpoint.prompt["yes"]), quoted(checkpoint.prompt["no"])))
    return lines


def file_of(precision):
    return "model.pt" if precision == "fp32" else "model-%s.pt" % precision


def export(options):
    checkpoint = Checkpoint(options.checkpoint, None if options.prompt is None else read_prompt(options.prompt))
    pairs = read_pairs(options.pairs)
    encoded = [checkpoint.encode(*pair) for pair in pairs]
    longest = max(len(ids) for ids, _ in encoded)
    if longest > options.max_tokens:
        raise Refused("The longest golden pair has %d tokens, more than --max-tokens %d." % (longest, options.max_tokens))
    os.makedirs(options.package, exist_ok=True)

    def path(name):
        return os.path.join(options.package, name)

    expected = checkpoint.logits(encoded)
    size = max(1.0, max(map(abs, expected)))
    tolerance, labels = {}, 1
    examples = sorted(encoded, key=lambda pair: len(pair[0]))
    examples = [examples[0], examples[-1]]
    for precision in options.precisions:
        graph = checkpoint.graph(precision)
        types = [types for _, types in examples] if checkpoint.token_types else None
        traced = graphs.trace(graph, [ids for ids, _ in examples], checkpoint.pad, types)
        labels = 1 if checkpoint.prompt is not None else graph.classifier.model.config.num_labels
        del graph
        save_script(traced, path(file_of(precision)))
        del traced
        found = padded_logits(torch.jit.load(path(file_of(precision))), encoded, checkpoint.pad)
        far = max(abs(a - b) for logits in found for a, b in zip(logits, expected))
        print("%s: largest difference of a golden pair's logit in padded batches %.2g" % (precision, far))
        if not far <= (1e-4 if precision == "fp32" else 0.15) * size:
            raise Refused("%s differs from the checkpoint's own code by %.3g in a logit; the package must not be used." % (path(file_of(precision)), far))
        tolerance[precision] = round(0.001 * math.ceil(size), 3) if precision == "fp32" else max(0.15, math.ceil(far * 2 * 20) / 20)

    checkpoint.tokenizer.backend_tokenizer.save(path("tokenizer.json"))
    with open(path("golden.jsonl"), "w", encoding="utf-8") as file:
        for (query, document), (ids, _), logit in zip(pairs, encoded, expected):
            line = {"query": query, "document": document, "input_ids": list(ids), "logit": round(logit, 6)}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    # Last, because a folder without it is no package.
    with open(path("model.yaml"), "w", encoding="utf-8") as file:
        file.write("\n".join(describe(options, checkpoint, labels, tolerance)) + "\n")
    for name in sorted(os.listdir(options.package)):
        print("%12d  %s" % (os.path.getsize(path(name)), path(name)))


def parsed(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", required=True, help="folder with config.json, *.safetensors and the tokenizer")
    parser.add_argument("--package", required=True, help="folder to write")
    parser.add_argument("--name", help="name of the package (default: the folder's)")
    parser.add_argument("--version", default="1")
    parser.add_argument("--license", help="licence of the weights, for the record")
    parser.add_argument("--prompt", help="qwen3-reranker, bge-gemma, or a JSON file; makes a yes-no package")
    parser.add_argument("--max-tokens", type=int, default=512, help="most tokens of a pair (default: %(default)s)")
    parser.add_argument("--max-query-tokens", type=int, help="most tokens of a query (default: a quarter of --max-tokens)")
    parser.add_argument("--precisions", default="fp32,bf16", help="comma-separated, of fp32, bf16 and fp16 (default: %(default)s)")
    parser.add_argument("--temperature", type=float, default=1.0, help="divides the logit before the sigmoid (default: %(default)s)")
    parser.add_argument("--pairs", help='golden pairs, a JSON object {"query": ..., "document": ...} per line (default: eight built in)')
    options = parser.parse_args(arguments)
    options.name = options.name or os.path.basename(os.path.abspath(options.package))
    options.precisions = options.precisions.split(",")
    unknown = [p for p in options.precisions if p not in DTYPES]
    if unknown:
        parser.error("--precisions names %s; known are fp32, bf16 and fp16" % ", ".join(map(repr, unknown)))
    return options


def main(arguments=None):
    try:
        export(parsed(arguments))
    except (Refused, ValueError, OSError) as wrong:
        sys.exit(str(wrong))


if __name__ == "__main__":
    main()
