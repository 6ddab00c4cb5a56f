"""The graphs on a small decoder of the kind of Llama and Qwen, written out here. Needs torch alone:

    python3 -m unittest discover -s deploy/model/tests
"""

import os
import sys
import tempfile
import unittest

try:
    import torch
    from torch import nn
except ImportError:
    raise unittest.SkipTest("torch is not installed: on Debian, apt-get install python3-torch")

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import rerank_graphs as graphs  # noqa: E402

VOCABULARY, WIDTH, HEADS, GROUPS, LAYERS = 50, 32, 4, 2, 2
HEAD = WIDTH // HEADS
YES, NO = 11, 7
ROWS = [[5, 6, 7, 8, 9, 10, 11], [3, 4], [20, 21, 22, 23], [1], list(range(1, 40))]


class RmsNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(1 + 0.1 * torch.randn(width))

    def forward(self, x):
        wide = x.float()
        return self.weight * (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + 1e-6)).to(x.dtype)


def turned(x, cos, sin):
    first, second = x.chunk(2, -1)
    return x * cos[:, None] + torch.cat((-second, first), -1) * sin[:, None]


class Block(nn.Module):
    """Pre-norm, rotary positions, two queries per key, gated feed-forward."""

    def __init__(self):
        super().__init__()
        self.q, self.out = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH, bias=False)
        self.k, self.v = nn.Linear(WIDTH, GROUPS * HEAD), nn.Linear(WIDTH, GROUPS * HEAD)
        self.gate, self.up, self.down = nn.Linear(WIDTH, 48, bias=False), nn.Linear(WIDTH, 48, bias=False), nn.Linear(48, WIDTH, bias=False)
        self.before, self.between = RmsNorm(WIDTH), RmsNorm(WIDTH)

    def forward(self, x, mask, cos, sin):
        count, length, _ = x.shape
        y = self.before(x)
        q = turned(self.q(y).view(count, length, HEADS, HEAD).transpose(1, 2), cos, sin)
        k = turned(self.k(y).view(count, length, GROUPS, HEAD).transpose(1, 2), cos, sin).repeat_interleave(HEADS // GROUPS, 1)
        v = self.v(y).view(count, length, GROUPS, HEAD).transpose(1, 2).repeat_interleave(HEADS // GROUPS, 1)
        weights = torch.softmax((q @ k.transpose(2, 3) / HEAD**0.5 + mask).float(), -1).to(x.dtype)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(count, length, WIDTH))
        y = self.between(x)
        return x + self.down(nn.functional.silu(self.gate(y)) * self.up(y))


class Decoder(nn.Module):
    def __init__(self, vocabulary=VOCABULARY):
        super().__init__()
        self.words = nn.Embedding(vocabulary, WIDTH)
        self.rotary = graphs.Rotary(1e4 ** (-torch.arange(0, HEAD, 2).float() / HEAD))
        self.blocks = nn.ModuleList([Block() for _ in range(LAYERS)])
        self.norm = RmsNorm(WIDTH)

    def forward(self, input_ids, mask, position_ids):
        x = self.words(input_ids)
        cos, sin = self.rotary(x, position_ids)
        for block in self.blocks:
            x = block(x, mask, cos, sin)
        return self.norm(x)


def decoder_and_head():
    torch.manual_seed(6)
    return Decoder().eval(), 2 * torch.randn(VOCABULARY, WIDTH)


def original(decoder, weight, row):
    """One text by itself, all logits of its last token, with a mask and positions that owe nothing to the code under test."""
    length = len(row)
    mask = torch.full((length, length), float("-inf")).triu(1)
    with torch.no_grad():
        return decoder(torch.tensor([row]), mask, torch.arange(length)[None])[0, -1] @ weight.T


class YesNoGraphTest(unittest.TestCase):
    def setUp(self):
        self.decoder, self.weight = decoder_and_head()
        self.expected = torch.stack([(lambda z: z[YES] - z[NO])(original(self.decoder, self.weight, row)) for row in ROWS])
        self.graph = graphs.YesNoGraph(self.decoder, graphs.fused_head(self.weight, YES, NO)).eval()

    def close(self, actual, expected, tolerance=1e-4):
        self.assertLess((actual - expected).abs().max().item(), tolerance)

    def test_gives_the_difference_of_the_answers_for_a_padded_batch(self):
        with torch.no_grad():
            self.close(self.graph(*graphs.batch(ROWS)), self.expected)

    def test_gives_the_logit_of_one_answer(self):
        alone = graphs.YesNoGraph(self.decoder, graphs.fused_head(self.weight, YES)).eval()
        with torch.no_grad():
            self.close(alone(*graphs.batch(ROWS)), torch.stack([original(self.decoder, self.weight, row)[YES] for row in ROWS]))

    def test_does_not_mind_padding_on_the_left(self):
        length = max(map(len, ROWS))
        ids = torch.tensor([[0] * (length - len(row)) + row for row in ROWS])
        mask = torch.tensor([[0] * (length - len(row)) + [1] * len(row) for row in ROWS])
        with torch.no_grad():
            self.close(self.graph(ids, mask), self.expected)

    def test_does_not_mind_what_the_padding_is(self):
        with torch.no_grad():
            self.close(self.graph(*graphs.batch(ROWS, pad=33)), self.expected)

    def test_would_be_wrong_if_it_read_the_last_place(self):
        ids, mask = graphs.batch(ROWS)
        with torch.no_grad():
            hidden = self.decoder(ids, graphs.causal_mask(mask, torch.float32), graphs.position_ids(mask))
            self.assertGreater((hidden[:-1, -1] @ self.graph.direction - self.expected[:-1]).abs().max().item(), 0.1)

    def test_traces_for_any_batch_and_length(self):
        traced = graphs.trace(self.graph, ROWS[:2])
        with torch.no_grad():
            self.close(traced(*graphs.batch(ROWS)), self.expected)
            self.close(traced(*graphs.batch(ROWS[3:4])), self.expected[3:4])
            self.close(traced(*graphs.batch(ROWS * 3)), self.expected.repeat(3))

    def test_keeps_the_head_in_float32_when_the_decoder_is_in_bf16(self):
        half = graphs.YesNoGraph(decoder_and_head()[0], self.graph.direction, torch.bfloat16).eval()
        self.assertEqual(half.direction.dtype, torch.float32)
        self.assertEqual(half.decoder.words.weight.dtype, torch.bfloat16)
        self.assertTrue(torch.equal(half.decoder.rotary.inverse_frequencies, self.decoder.rotary.inverse_frequencies))
        traced = graphs.trace(half, ROWS[:2])
        with torch.no_grad():
            logits = traced(*graphs.batch(ROWS))
        self.assertEqual(logits.dtype, torch.float32)
        # Eight bits of mantissa.
        self.close(logits, self.expected, 0.1 * self.expected.abs().max().item())

    def test_can_be_saved_and_read_again(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model.pt")
            graphs.trace(self.graph, ROWS[:2]).save(path)
            with torch.no_grad():
                self.close(torch.jit.load(path)(*graphs.batch(ROWS)), self.expected)

    def test_refuses_a_graph_that_names_a_device(self):
        class Named(Decoder):
            def forward(self, input_ids, mask, position_ids):
                return super().forward(input_ids, mask, torch.arange(input_ids.size(1), device=input_ids.device)[None])

        named = graphs.YesNoGraph(Named().eval(), self.graph.direction)
        with self.assertRaisesRegex(ValueError, "names a device.*aten::arange"):
            graphs.trace(named, ROWS[:2])

    def test_refuses_examples_of_one_length(self):
        with self.assertRaisesRegex(ValueError, "different lengths"):
            graphs.trace(self.graph, [[1, 2], [3, 4]])


class Classifier(nn.Module):
    def __init__(self, labels):
        super().__init__()
        self.words, self.types, self.score = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(2, WIDTH), nn.Linear(WIDTH, labels)

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        x = self.words(input_ids) + (0 if token_type_ids is None else self.types(token_type_ids))
        real = attention_mask[:, :, None].to(x.dtype)
        return self.score((x * real).sum(1) / real.sum(1))


class ClassifierGraphTest(unittest.TestCase):
    def test_passes_token_types_on(self):
        torch.manual_seed(7)
        model = Classifier(1).eval()
        types = [[0] * (len(row) // 2) + [1] * (len(row) - len(row) // 2) for row in ROWS]
        expected = torch.stack([model(*graphs.batch([row], 0, [kinds]))[0, 0] for row, kinds in zip(ROWS, types)])
        traced = graphs.trace(graphs.ClassifierGraph(model, True), ROWS[:2], 0, types[:2])
        with torch.no_grad():
            self.assertLess((traced(*graphs.batch(ROWS, 0, types)) - expected).abs().max().item(), 1e-5)
            dropped = traced(*graphs.batch(ROWS, 0, [[0] * len(row) for row in ROWS]))
            self.assertGreater((dropped - expected).abs().max().item(), 1e-2)

    def test_leaves_two_labels_as_columns(self):
        traced = graphs.trace(graphs.ClassifierGraph(Classifier(2).eval(), False, torch.bfloat16), ROWS[:2])
        with torch.no_grad():
            logits = traced(*graphs.batch(ROWS))
        self.assertEqual(tuple(logits.shape), (len(ROWS), 2))
        self.assertEqual(logits.dtype, torch.float32)


if __name__ == "__main__":
    unittest.main()
