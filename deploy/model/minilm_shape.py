#!/usr/bin/python3
"""Writes a model package with the shape of MiniLM-L6 and random weights, and the same weights as model.onnx.

    minilm_shape.py --package deploy/target/bench/minilm-shape

For measurements only: the scores mean nothing, the arithmetic is that of a real cross-encoder of 22 million parameters. The weights
come from a seed. products-*.pt hold nothing but the layers' matrix products, to measure what the machine reaches in them. With --first-token-only the last layer of every graph computes only what the head reads, the first token; the
logits stay the same.
"""

import argparse
import json
import math
import os
import shutil
import sys

try:
    import numpy as np
    import torch
    import torch.nn.functional as F
    from torch import nn
except ImportError as missing:
    sys.exit("%s lacks the package '%s': on Debian, apt-get install python3-torch python3-numpy." % (sys.executable, missing.name))

import wordpiece
from golden import TEXTS
from torchscript import save_script

SEED = 20240611
VOCABULARY, WIDTH, LAYERS, HEADS, INNER, POSITIONS, TYPES = 30522, 384, 6, 12, 1536, 512, 2
HERE = os.path.dirname(os.path.abspath(__file__))

YAML = """# Random weights in the shape of MiniLM-L6, for measurements; written by deploy/model/minilm_shape.py.
schema: 1
name: minilm-shape
version: "%(version)s"
kind: sequence-classification
weights: {fp32: model.pt, bf16: model-bf16.pt}
tokenizer: tokenizer.json
inputs: [input_ids, attention_mask, token_type_ids]
outputs: 1
pad_token_id: 0
limits: {max_tokens: %(positions)d, max_query_tokens: 64}
temperature: 1.0
golden: {file: golden.jsonl, tolerance: {fp32: 0.001, bf16: %(tolerance).2f}}
"""


class Layer(nn.Module):
    """A post-norm layer, written so that few tensors are made in a pass.

    Queries, keys and values come from one product, are brought into heads by one copy, and the factor 1/sqrt(head) is
    in the weights of the queries. What is added or activated is changed in place.
    """

    def __init__(self):
        super().__init__()
        self.heads = HEADS
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x, bias):
        batch, length, width = x.shape
        head = width // self.heads
        qkv = self.qkv(x).view(batch, length, 3, self.heads, head).permute(2, 0, 3, 1, 4).reshape(3, batch * self.heads, length, head)
        scores = torch.bmm(qkv[0], qkv[1].transpose(1, 2)).view(batch, self.heads, length, length).add_(bias)
        weights = torch.softmax(scores, -1).view(batch * self.heads, length, length)
        mixed = torch.bmm(weights, qkv[2]).view(batch, self.heads, length, head).transpose(1, 2).reshape(batch, length, width)
        x = self.norm1(self.out(mixed).add_(x))
        return self.norm2(self.down(torch.ops.aten.gelu_(self.up(x))).add_(x))


class FirstTokenLayer(nn.Module):
    """The same with one row of output: keys and values of all tokens, everything else of the first one."""

    def __init__(self, layer):
        super().__init__()
        self.heads = HEADS
        self.query, self.both = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 2 * WIDTH)
        with torch.no_grad():
            for part, rows in ((self.query, slice(0, WIDTH)), (self.both, slice(WIDTH, 3 * WIDTH))):
                part.weight.copy_(layer.qkv.weight[rows])
                part.bias.copy_(layer.qkv.bias[rows])
        self.out, self.up, self.down, self.norm1, self.norm2 = layer.out, layer.up, layer.down, layer.norm1, layer.norm2

    def forward(self, x, bias):
        batch, length, width = x.shape
        head = width // self.heads
        first = x[:, :1]
        q = self.query(first).view(batch * self.heads, 1, head)
        kv = self.both(x).view(batch, length, 2, self.heads, head).permute(2, 0, 3, 1, 4).reshape(2, batch * self.heads, length, head)
        scores = torch.bmm(q, kv[0].transpose(1, 2)).view(batch, self.heads, 1, length) + bias
        mixed = torch.bmm(torch.softmax(scores, -1).view(batch * self.heads, 1, length), kv[1]).view(batch, 1, width)
        x = self.norm1(self.out(mixed) + first)
        return self.norm2(self.down(F.gelu(self.up(x))) + x)


class PlainLayer(nn.Module):
    """The same as the usual BERT code writes it, which is what the optimizer of ONNX Runtime looks for."""

    def __init__(self, layer, first_token_only):
        super().__init__()
        self.first_token_only = first_token_only
        self.query, self.key, self.value = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        with torch.no_grad():
            for i, part in enumerate((self.query, self.key, self.value)):
                # The factor that Layer has in its weights.
                scale = math.sqrt(WIDTH // HEADS) if i == 0 else 1.0
                part.weight.copy_(layer.qkv.weight[i * WIDTH: (i + 1) * WIDTH] * scale)
                part.bias.copy_(layer.qkv.bias[i * WIDTH: (i + 1) * WIDTH] * scale)
        self.out, self.up, self.down, self.norm1, self.norm2 = layer.out, layer.up, layer.down, layer.norm1, layer.norm2

    def split(self, x):
        return x.view(x.size(0), x.size(1), HEADS, WIDTH // HEADS).permute(0, 2, 1, 3)

    def forward(self, x, bias):
        asked = x[:, :1] if self.first_token_only else x
        q, k, v = self.split(self.query(asked)), self.split(self.key(x)), self.split(self.value(x))
        scores = torch.matmul(q, k.transpose(-1, -2)) / math.sqrt(WIDTH // HEADS) + bias
        mixed = torch.matmul(torch.softmax(scores, -1), v).permute(0, 2, 1, 3).contiguous()
        x = self.norm1(self.out(mixed.view(mixed.size(0), mixed.size(1), WIDTH)) + asked)
        return self.norm2(self.down(F.gelu(self.up(x))) + x)


class CrossEncoder(nn.Module):
    """`forward(input_ids, attention_mask, token_type_ids)`, int64 [batch, length], gives float32 [batch]."""

    def __init__(self):
        super().__init__()
        self.tokens, self.positions, self.types = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(POSITIONS, WIDTH), nn.Embedding(TYPES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList([Layer() for _ in range(LAYERS)])
        self.pool, self.score = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 1)

    def forward(self, input_ids, attention_mask, token_type_ids):
        x = self.tokens(input_ids) + self.positions.weight[: input_ids.size(1)] + self.types(token_type_ids)
        x = self.norm(x)
        bias = ((1.0 - attention_mask[:, None, None, :].float()) * -10000.0).to(x.dtype)
        for layer in self.layers:
            x = layer(x, bias)
        # The head stays in fp32, in the bf16 file too: logits in steps of 2^-8 would tie the best documents.
        first = x[:, 0].to(self.score.weight.dtype)
        return self.score(torch.tanh(self.pool(first))).squeeze(-1).float()


class Products(nn.Module):
    """The matrix products of the layers that see all tokens, and nothing between them: `forward(x)`, float32 [tokens, width]."""

    def __init__(self, encoder):
        super().__init__()
        whole = [layer for layer in encoder.layers if isinstance(layer, Layer)]
        self.qkv, self.out = nn.ModuleList([layer.qkv for layer in whole]), nn.ModuleList([layer.out for layer in whole])
        self.up, self.down = nn.ModuleList([layer.up for layer in whole]), nn.ModuleList([layer.down for layer in whole])
        self.both = nn.ModuleList([layer.both for layer in encoder.layers if isinstance(layer, FirstTokenLayer)])

    def forward(self, x):
        x = x.to(self.qkv[0].weight.dtype)
        total = x[0, 0]
        # A result that nobody reads would not be computed.
        for qkv, out, up, down in zip(self.qkv, self.out, self.up, self.down):
            total = total + qkv(x)[0, 0] + out(x)[0, 0] + down(up(x))[0, 0]
        for both in self.both:
            total = total + both(x)[0, 0]
        return total.float()


def random_encoder(inputs):
    """An encoder from the seed whose logits on `inputs` have mean 0 and deviation 1."""
    torch.manual_seed(SEED)
    encoder = CrossEncoder().eval()
    with torch.no_grad():
        for name, weight in encoder.named_parameters():
            if weight.dim() == 2:
                # Larger than a fresh BERT's 0.02, so that attention is not the same everywhere.
                nn.init.normal_(weight, std=0.05)
            elif name.endswith("bias"):
                nn.init.normal_(weight, std=0.02)
        for layer in encoder.layers:
            layer.qkv.weight[:WIDTH] *= (WIDTH // HEADS) ** -0.5
            layer.qkv.bias[:WIDTH] *= (WIDTH // HEADS) ** -0.5
        logits = torch.cat([encoder(*one) for one in inputs])
        scale = 1.0 / logits.std()
        encoder.score.bias.copy_((encoder.score.bias - logits.mean()) * scale)
        encoder.score.weight.mul_(scale)
    return encoder


def in_bf16(encoder):
    encoder.bfloat16()
    encoder.pool.float()
    encoder.score.float()
    return encoder


def padded(rows):
    """The batch of these pairs, padded to the longest."""
    longest = max(ids.size(1) for ids, _, _ in rows)
    return tuple(torch.cat([F.pad(row[i], [0, longest - row[i].size(1)]) for row in rows]) for i in range(3))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", required=True, help="folder to write; replaced when it exists")
    parser.add_argument("--tokenizer", default=os.path.join(HERE, "../models/lychee-nano/tokenizer.json"))
    parser.add_argument("--first-token-only", action="store_true", help="the last layer computes what the head reads")
    options = parser.parse_args()
    # A package that is not complete must not look like one.
    folder = options.package.rstrip("/") + ".part"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)

    def path(name):
        return os.path.join(folder, name)

    tokenizer = wordpiece.Tokenizer.load(options.tokenizer)
    shutil.copyfile(options.tokenizer, path("tokenizer.json"))
    rows = []
    for query, document in TEXTS:
        ids, types = tokenizer.pair(query, document)
        rows.append((torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.long), torch.tensor([types])))

    print("drawing the weights", flush=True)
    encoder = random_encoder(rows)
    parameters = sum(weight.numel() for weight in encoder.parameters())
    with torch.no_grad():
        golden = [encoder(*row).item() for row in rows]
        plain = random_encoder(rows)
        for i, layer in enumerate(plain.layers):
            plain.layers[i] = PlainLayer(layer, options.first_token_only and i == LAYERS - 1)
        if options.first_token_only:
            encoder.layers[-1] = FirstTokenLayer(encoder.layers[-1])

        print("writing model.onnx", flush=True)
        axes = {0: "batch", 1: "length"}
        names = ["input_ids", "attention_mask", "token_type_ids"]
        torch.onnx.export(
            plain, padded(rows[:2]), path("model.onnx"), opset_version=17, do_constant_folding=True, input_names=names, output_names=["logits"],
            dynamic_axes={**{name: axes for name in names}, "logits": {0: "batch"}})

        print("writing model.pt and model-bf16.pt", flush=True)
        save_script(encoder, path("model.pt"))
        save_script(Products(encoder).eval(), path("products-fp32.pt"))
        save_script(in_bf16(encoder), path("model-bf16.pt"))
        save_script(Products(encoder).eval(), path("products-bf16.pt"))

        print("comparing them", flush=True)
        full, half = torch.jit.load(path("model.pt")).eval(), torch.jit.load(path("model-bf16.pt")).eval()
        expected = torch.tensor(golden)
        far = max((graph(*padded(rows)) - expected).abs().max().item() for graph in (plain, full))
        far_half = max((half(*padded(rows)) - expected).abs().max().item(), max(abs(half(*row).item() - logit) for row, logit in zip(rows, golden)))
    assert far < 1e-3, far
    with open(path("golden.jsonl"), "w", encoding="utf-8") as file:
        for (query, document), row, logit in zip(TEXTS, rows, golden):
            line = dict(query=query, document=document, input_ids=row[0][0].tolist(), logit=round(logit, 6))
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    with open(path("model.yaml"), "w", encoding="utf-8") as file:
        version = "1-first-token" if options.first_token_only else "1"
        file.write(YAML % dict(version=version, positions=POSITIONS, tolerance=max(0.15, np.ceil(far_half * 2 * 20) / 20)))
    with open(path("shape.json"), "w", encoding="utf-8") as file:
        # Read by "lychee bench peers", which counts the operations.
        shape = dict(width=WIDTH, inner=INNER, layers=LAYERS, first_token_only=options.first_token_only)
        file.write(json.dumps(shape) + "\n")
    shutil.rmtree(options.package, ignore_errors=True)
    os.rename(folder, options.package)
    print("%s: %.1f million parameters; largest difference on golden pairs: fp32 %.1e, bf16 %.3f" % (options.package, parameters / 1e6, far, far_half))


if __name__ == "__main__":
    main()
