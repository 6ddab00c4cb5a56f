"""TorchScript graphs of rerankers, made from PyTorch modules: what a model package's model.pt holds.

Needs torch alone. The modules here add to a model what the job expects of a graph: right-padded int64 inputs [batch, length], float32 logits,
and a pair's logit that does not depend on its neighbours.

Nothing here asks for a device or makes a tensor from nothing: torch.jit.trace would write the device of the day into the graph, and a graph
traced on a CPU could not run on a GPU.
"""

import torch
from torch import nn


def fused_head(weight, yes, no=None):
    """The direction in the last hidden state, float32 [width], whose product is `logit(yes) - logit(no)`.

    Two rows of the output matrix [vocabulary, width] are all that such a reranker reads; without `no`, the row of `yes` alone.
    """
    weight = weight.detach()
    return weight[yes].float() if no is None else weight[yes].float() - weight[no].float()


def places(attention_mask):
    """1, 2, 3 and so on in every row. Of the mask's own values, because `arange` and `ones_like` would name a device."""
    return (attention_mask >= 0).long().cumsum(1)


def position_ids(attention_mask):
    """Places of the real tokens from 0, int64 [batch, length]: where padding stands does not matter, on the left nor on the right."""
    return (attention_mask.cumsum(1) - 1).clamp(min=0)


def causal_mask(attention_mask, dtype):
    """What is added to attention scores, [batch, 1, length, length]: 0 where a token may look, the type's lowest number elsewhere."""
    place = places(attention_mask)
    closed = (place[:, None, :] > place[:, :, None]) | (attention_mask[:, None, :] == 0)
    # The lowest number instead of minus infinity: a padded row on the left sees nothing, and must not become NaN.
    return closed[:, None].to(dtype) * torch.finfo(dtype).min


def padding_mask(attention_mask, dtype):
    """The same for an encoder, [batch, 1, 1, length]: every token sees all real ones."""
    return (attention_mask == 0)[:, None, None].to(dtype) * torch.finfo(dtype).min


def last_token(hidden, attention_mask):
    """The hidden state [batch, width] of each row's last real token: `hidden[:, -1]` would be padding."""
    last = (attention_mask * places(attention_mask)).argmax(1)
    return hidden.gather(1, last[:, None, None].expand(-1, 1, hidden.size(2))).squeeze(1)


class Rotary(nn.Module):
    """Cosines and sines of rotary positions (Su et al., 2021) as Llama, Qwen and Gemma lay them out: two halves of one head.

    It takes the place of the module of that name in Hugging Face's decoders, which moves its tensors to a device by name.
    """

    def __init__(self, inverse_frequencies, scale=1.0):
        super().__init__()
        self.register_buffer("inverse_frequencies", inverse_frequencies.detach().float().clone())
        self.scale = float(scale)

    def _apply(self, *args, **kwargs):
        # Moves with the model, but stays in float32: in bf16 the angle of place 1,000 is off by several radians.
        exact = self.inverse_frequencies
        super()._apply(*args, **kwargs)
        self.inverse_frequencies = exact.to(self.inverse_frequencies.device)
        return self

    def forward(self, x, position_ids):
        angle = position_ids[:, :, None].float() * self.inverse_frequencies
        angle = torch.cat((angle, angle), -1)
        return (angle.cos() * self.scale).to(x.dtype), (angle.sin() * self.scale).to(x.dtype)


class YesNoGraph(nn.Module):
    """`forward(input_ids, attention_mask)`, int64 [batch, length], gives float32 [batch]: the log-odds of the answer yes.

    `decoder(input_ids, mask, position_ids)` gives the hidden states [batch, length, width] that its output matrix would read.
    """

    def __init__(self, decoder, direction, dtype=torch.float32):
        super().__init__()
        self.decoder = decoder.to(dtype)
        self.dtype = dtype
        # In float32 whatever the decoder computes in: logits in steps of 2^-8 would tie the best documents.
        self.register_buffer("direction", direction.detach().float().clone())

    def forward(self, input_ids, attention_mask):
        hidden = self.decoder(input_ids, causal_mask(attention_mask, self.dtype), position_ids(attention_mask))
        return (last_token(hidden, attention_mask).float() * self.direction).sum(-1)


class ClassifierGraph(nn.Module):
    """`forward(input_ids, attention_mask[, token_type_ids])` gives float32 [batch] for one label, [batch, 2] for two.

    `classifier(input_ids, attention_mask, token_type_ids)` gives logits [batch, labels]; the last argument is None without `token_types`.
    """

    def __init__(self, classifier, token_types, dtype=torch.float32):
        super().__init__()
        self.classifier = classifier.to(dtype)
        self.token_types = token_types

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        logits = self.classifier(input_ids, attention_mask, token_type_ids if self.token_types else None).float()
        return logits.squeeze(1) if logits.size(1) == 1 else logits


def batch(rows, pad=0, types=None):
    """Rows of token ids as tensors (input_ids, attention_mask[, token_type_ids]), padded to the right."""
    length = max(map(len, rows))

    def filled(values, filler):
        return torch.tensor([list(row) + [filler] * (length - len(row)) for row in values])

    tensors = (filled(rows, pad), filled([[1] * len(row) for row in rows], 0))
    return tensors if types is None else tensors + (filled(types, 0),)


def trace(graph, rows, pad=0, types=None):
    """The graph as TorchScript for batches of any size and length.

    `rows` are at least two inputs of different lengths, so that nothing in the trace can rely on one size.
    Raises ValueError if the graph would only run on the device it was traced on.
    """
    if len({len(row) for row in rows}) < 2:
        raise ValueError("tracing needs inputs of different lengths")
    with torch.no_grad():
        traced = torch.jit.trace(graph.eval(), batch(rows, pad, types), check_trace=False)
    named = named_devices(traced)
    if named:
        raise ValueError("the traced graph names a device, and would fail on another: " + "; ".join(named))
    return traced


def named_devices(traced):
    """The places in a traced graph that name a device and whose result is used."""
    graph = traced.inlined_graph.copy()
    torch._C._jit_pass_dce(graph)
    return sorted(
        {
            "%s in %s" % (use.user.kind(), use.user.sourceRange().strip().split("\n")[0])
            for node in graph.findAllNodes("prim::Constant", recurse=True)
            if str(node.output().type()) == "Device"
            for use in node.output().uses()
        }
    )
