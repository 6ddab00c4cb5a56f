"""The cross-encoder: a small BERT-like encoder with pre-normalization and one logit per pair, which also reads pictures.

Plain operations only (no fused attention), so that the TorchScript file written by torch 1.13 runs in any later libtorch, on CPU and GPU.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

SIDE = 112  # pixels, width and height
CELLS = 16  # tokens of a picture: 4 x 4
IMG = 5  # their id, the last of wordpiece.SPECIAL
MEAN, STD = (0.5, 0.5, 0.5), (0.25, 0.25, 0.25)


class Conv(nn.Module):
    """Convolution 3x3, batch normalization (gone once `fold` has run) and ReLU."""

    def __init__(self, before, after, stride):
        super().__init__()
        self.conv = nn.Conv2d(before, after, 3, stride, 1)
        self.norm = nn.BatchNorm2d(after)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)))

    def fold(self):
        """Moves the normalization's fixed scale and shift into the convolution."""
        if isinstance(self.norm, nn.BatchNorm2d):
            scale = self.norm.weight / torch.sqrt(self.norm.running_var + self.norm.eps)
            self.conv.weight = nn.Parameter(self.conv.weight * scale[:, None, None, None])
            self.conv.bias = nn.Parameter((self.conv.bias - self.norm.running_mean) * scale + self.norm.bias)
            self.norm = nn.Identity()


class Eyes(nn.Module):
    """Pictures, float [n, 3, 112, 112], to `CELLS` vectors each, [n, 16, 192]: a small residual network, 7x7 averaged to 4x4."""

    def __init__(self, channels=(24, 48, 96, 192)):
        super().__init__()
        a, b, c, d = channels
        self.down1, self.down2, self.same2 = Conv(3, a, 2), Conv(a, b, 2), Conv(b, b, 1)
        self.down3, self.same3, self.again3 = Conv(b, c, 2), Conv(c, c, 1), Conv(c, c, 1)
        self.down4, self.same4 = Conv(c, d, 2), Conv(d, d, 1)

    def forward(self, pictures):
        x = self.down2(self.down1(pictures))
        x = x + self.same2(x)
        x = self.down3(x)
        x = x + self.again3(self.same3(x))
        x = self.down4(x)
        x = x + self.same4(x)
        return F.avg_pool2d(x, 3, 2, 1, False, False).flatten(2).transpose(1, 2)

    def fold(self):
        for part in self.modules():
            if isinstance(part, Conv):
                part.fold()
        return self


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
    """`forward(input_ids, attention_mask, token_type_ids, pixel_values)` gives float32 [batch].

    The first three are int64 [batch, length]; `pixel_values` is float32 [n, 3, 112, 112], the batch's pictures in order of appearance, n may be 0.
    """

    def __init__(self, vocabulary, width=192, layers=3, heads=4, inner=512, positions=160, narrow=128):
        super().__init__()
        self.placeholder = IMG
        self.eyes = Eyes()
        self.eyes.fold()
        self.picture = nn.Linear(192, narrow)
        self.cells = nn.Embedding(CELLS, narrow)
        self.tokens = nn.Embedding(vocabulary, narrow)
        self.positions = nn.Embedding(positions, narrow)
        self.types = nn.Embedding(2, narrow)
        # How long a run of pieces around this one stands on the other side as well: none, one, two, three or more. What a
        # matcher needs for words that it has never met.
        self.shared = nn.Embedding(4, narrow)
        self.norm = nn.LayerNorm(narrow)
        # Each token sees its two neighbours at once: Chinese words are spelled in single characters, rare English ones in pieces.
        self.widen, self.neighbours = nn.Linear(narrow, width), nn.Linear(3 * narrow, width)
        self.layers = nn.ModuleList([Layer(width, heads, inner) for _ in range(layers)])
        self.final = nn.LayerNorm(width)
        self.pool, self.score = nn.Linear(width, width), nn.Linear(width, 1)
        # Queries and keys start equal: attention begins with likeness, which is what a matcher needs.
        with torch.no_grad():
            for layer in self.layers:
                layer.qkv.weight[width: 2 * width] = layer.qkv.weight[:width]
        for table in (self.tokens, self.types, self.shared, self.cells):
            nn.init.normal_(table.weight, std=0.05)
        angle = torch.arange(positions)[:, None] * torch.exp(torch.arange(0, narrow, 2) * (-math.log(10000.0) / narrow))
        with torch.no_grad():
            self.positions.weight[:, 0::2] = 0.03 * torch.sin(angle)
            self.positions.weight[:, 1::2] = 0.03 * torch.cos(angle)

    def forward(self, input_ids, attention_mask, token_type_ids, pixel_values):
        x, bias = self.embed(input_ids, attention_mask, token_type_ids, self.see(pixel_values))
        for layer in self.layers:
            x = layer(x, bias)
        return self.head(x)

    @torch.jit.export
    def see(self, pixel_values):
        """`[n, 16, 192]`; without pictures the convolutions do not run."""
        if pixel_values.size(0) == 0:
            return torch.zeros([0, 16, 192], dtype=self.picture.weight.dtype, device=pixel_values.device)
        return self.eyes(pixel_values.to(self.picture.weight.dtype))

    @torch.jit.export
    def embed(self, input_ids, attention_mask, token_type_ids, seen):
        length = input_ids.size(1)
        positions = torch.arange(length, device=input_ids.device)
        x = self.tokens(input_ids)
        if seen.size(0) > 0:
            here = (input_ids == self.placeholder).unsqueeze(-1)
            vectors = self.picture(seen) + self.cells.weight[None]
            x = x.masked_scatter(here, vectors.to(x.dtype))
        x = self.norm(x + self.positions(positions)[None] + self.types(token_type_ids) + self.shared(self.runs(input_ids, token_type_ids)))
        # Padding is zero for the neighbours and out of sight for attention, so that it cannot change a score.
        x = x * attention_mask[:, :, None].to(x.dtype)
        before, after = F.pad(x, [0, 0, 1, 0])[:, :length], F.pad(x, [0, 0, 0, 1])[:, 1:]
        x = (self.widen(x) + F.gelu(self.neighbours(torch.cat([before, x, after], -1)))).to(self.norm.weight.dtype)
        bias = (1.0 - attention_mask[:, None, None, :].float()) * -10000.0
        return x, bias

    @torch.jit.export
    def runs(self, input_ids, token_type_ids):
        """0..3 for each piece: the longest run of equal pieces, counted up to three, that it has in common with the other side."""
        same = (input_ids[:, :, None] == input_ids[:, None, :]) & (token_type_ids[:, :, None] != token_type_ids[:, None, :]) & (input_ids > self.placeholder)[:, :, None]
        two = same[:, :-1, :-1] & same[:, 1:, 1:]
        three = two[:, :-1, :-1] & two[:, 1:, 1:]
        one = same.any(2).long()
        both = two.any(2).long()
        all3 = three.any(2).long()
        in_two = torch.maximum(F.pad(both, [0, 1]), F.pad(both, [1, 0]))
        in_three = torch.maximum(torch.maximum(F.pad(all3, [0, 2]), F.pad(all3, [1, 1])), F.pad(all3, [2, 0]))
        return one + in_two + in_three

    @torch.jit.export
    def head(self, x):
        # In fp32 whatever the weights are: logits in steps of 2^-8 would tie the best documents.
        x = F.layer_norm(x[:, 0].float(), self.final.normalized_shape, self.final.weight.float(), self.final.bias.float(), self.final.eps)
        x = torch.tanh(F.linear(x, self.pool.weight.float(), self.pool.bias.float()))
        return F.linear(x, self.score.weight.float(), self.score.bias.float()).squeeze(-1)
