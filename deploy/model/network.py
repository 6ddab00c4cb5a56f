"""The cross-encoder: a small BERT-like encoder with pre-normalization and one logit per pair.

Plain operations only (no fused attention), so that the TorchScript file written by torch 1.13 runs in any later libtorch, on CPU and GPU.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn


class Layer(nn.Module):
    """Self-attention and feed-forward, each behind a layer norm and added to its input."""

    def __init__(self, width, heads, inner):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x, bias):
        batch, length, width = x.shape
        qkv = self.qkv(self.norm1(x)).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        scores = torch.matmul(q, k.transpose(-1, -2)).float() * ((width // self.heads) ** -0.5) + bias
        mixed = torch.matmul(torch.softmax(scores, -1).to(v.dtype), v)
        x = x + self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class CrossEncoder(nn.Module):
    """`forward(input_ids, attention_mask, token_type_ids)`, int64 [batch, length], gives float32 [batch]."""

    def __init__(self, vocabulary, width=128, layers=3, heads=4, inner=512, positions=160):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(positions, width)
        self.types = nn.Embedding(2, width)
        self.norm = nn.LayerNorm(width)
        # Each token sees its two neighbours at once: Chinese words are spelled in single characters, rare English ones in pieces.
        self.neighbours = nn.Linear(3 * width, width)
        self.layers = nn.ModuleList([Layer(width, heads, inner) for _ in range(layers)])
        self.final = nn.LayerNorm(width)
        self.pool, self.score = nn.Linear(width, width), nn.Linear(width, 1)
        # Queries and keys start equal: attention begins with likeness, which is what a matcher needs.
        with torch.no_grad():
            for layer in self.layers:
                layer.qkv.weight[width: 2 * width] = layer.qkv.weight[:width]
        nn.init.normal_(self.tokens.weight, std=0.05)
        nn.init.normal_(self.types.weight, std=0.05)
        angle = torch.arange(positions)[:, None] * torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
        with torch.no_grad():
            self.positions.weight[:, 0::2] = 0.03 * torch.sin(angle)
            self.positions.weight[:, 1::2] = 0.03 * torch.cos(angle)

    def forward(self, input_ids, attention_mask, token_type_ids):
        x, bias = self.embed(input_ids, attention_mask, token_type_ids)
        for layer in self.layers:
            x = layer(x, bias)
        return self.head(x)

    @torch.jit.export
    def embed(self, input_ids, attention_mask, token_type_ids):
        length = input_ids.size(1)
        positions = torch.arange(length, device=input_ids.device)
        x = self.norm(self.tokens(input_ids) + self.positions(positions)[None] + self.types(token_type_ids))
        # Padding is zero for the neighbours and out of sight for attention, so that it cannot change a score.
        x = x * attention_mask[:, :, None].to(x.dtype)
        before, after = F.pad(x, [0, 0, 1, 0])[:, :length], F.pad(x, [0, 0, 0, 1])[:, 1:]
        x = x + F.gelu(self.neighbours(torch.cat([before, x, after], -1)))
        bias = (1.0 - attention_mask[:, None, None, :].float()) * -10000.0
        return x, bias

    @torch.jit.export
    def head(self, x):
        # In the bf16 file the head stays in fp32: logits in steps of 2^-8 would tie the best documents.
        x = x[:, 0].to(self.score.weight.dtype)
        return self.score(torch.tanh(self.pool(self.final(x)))).squeeze(-1).float()
