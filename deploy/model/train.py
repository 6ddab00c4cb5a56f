#!/usr/bin/python3
"""Trains the cross-encoder on the pairs of `corpus.py`.

    train.py --data /tmp/lychee --minutes 55      # --resume continues

Per pair: cross-entropy against a soft target by grade, so that the sigmoid of the logit reads as the probability of being relevant
(grade 2 or 3). Per query: a listwise term that also orders within the grades. Two auxiliary tasks, whose heads are dropped,
speed up learning: at first, which concepts a text mentions; then, how a document meets each asked attribute.
The learning rate follows the share of the time (or of the steps) that is spent, so a run always ends annealed.
"""

import argparse
import glob
import os
import random
import signal
import time
from collections import defaultdict

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import gallery
from corpus import CONCEPTS, MODES
from lexicon import FIELDS
from network import CELLS, CrossEncoder
from parallel import gather, put, start, trained
from wordpiece import CLS, SEP, Tokenizer

TARGETS = torch.tensor([0.01, 0.10, 0.75, 0.98])
GAINS = torch.tensor([0.0, 0.7, 3.0, 7.0])
STATUSES = 6
MAX_TOKENS = 160


class Pairs:
    """One file of pairs; `query(i)` gives the sequences and labels of one query."""

    def __init__(self, path):
        with np.load(path) as arrays:
            self.arrays = {name: arrays[name] for name in arrays.files}
        group = self.arrays["group"]
        self.count = int(group[-1]) + 1
        self.first = np.searchsorted(group, np.arange(self.count + 1))

    def _cut(self, name, i):
        at = self.arrays[name + "_at"]
        return self.arrays[name][at[i]: at[i + 1]]

    def query(self, i):
        query = self._cut("query_ids", i).tolist()
        rows = []
        for d in range(self.first[i], self.first[i + 1]):
            document = self._cut("document_ids", d)[: MAX_TOKENS - 3 - len(query)].tolist()
            rows.append((query, document, int(self.arrays["query_picture"][i]), int(self.arrays["document_picture"][d]),
                         int(self.arrays["grade"][d]), self.arrays["status"][d], self._cut("query_concepts", i), self._cut("document_concepts", d)))
        return rows

    def mode(self, i):
        return MODES[self.arrays["mode"][i]]


class Seen:
    """What the eyes see of the pictures of a side, in several views of each."""

    def __init__(self, folder, held_out):
        self.views = gallery.views_of(held_out)
        self.rows = np.load(os.path.join(folder, "seen-%s.npy" % ("held-out" if held_out else "train")), mmap_mode="r")
        self.photographs = sum(p.photograph for p in gallery.pictures(folder, held_out))

    def of(self, pairs, rng=None):
        """float32 [n, 16, 192] of the pairs' pictures in order of appearance; of random views, or without `rng` of the whole pictures."""
        rows = []
        for pair in pairs:
            for number in pair[2:4]:
                if number >= 0:
                    photograph = number < self.photographs
                    views = self.views[0 if photograph else 1]
                    first = number * views if photograph else self.photographs * self.views[0] + (number - self.photographs) * views
                    rows.append(first + (max(0, rng.randrange(-1, views)) if rng else 0))
        return torch.from_numpy(self.rows[rows].astype(np.float32)) if rows else torch.zeros(0, CELLS, 192)


def tensors(pairs):
    """input_ids, attention_mask, token_type_ids of `(query ids, document ids, ...)`, padded to the longest."""
    rows = [([CLS] + p[0] + [SEP], p[1] + [SEP]) for p in pairs]
    length = max(len(q) + len(d) for q, d in rows)
    ids, mask, types = (torch.zeros(len(rows), length, dtype=torch.long) for _ in range(3))
    for i, (q, d) in enumerate(rows):
        ids[i, : len(q) + len(d)] = torch.tensor(q + d)
        mask[i, : len(q) + len(d)] = 1
        types[i, len(q): len(q) + len(d)] = 1
    return ids, mask, types


class WithTasks(nn.Module):
    """The cross-encoder with its auxiliary heads."""

    def __init__(self, encoder, width):
        super().__init__()
        self.encoder = encoder
        self.concepts = nn.Linear(width, len(CONCEPTS))
        self.status = nn.Linear(width, len(FIELDS) * STATUSES)
        nn.init.constant_(self.concepts.bias, -5.0)

    def mentioned(self, ids, mask, types, seen, side):
        """Logits of the concepts in one side of the pair, from the sum of its embedded tokens: no attention, so this is cheap."""
        x, _ = self.encoder.embed(ids, mask, types, seen)
        chosen = (mask * (types == side)).to(x.dtype)[:, None, :]
        return self.concepts(torch.matmul(chosen, x).squeeze(1) * chosen.sum(-1).rsqrt())

    def forward(self, ids, mask, types, seen):
        x, bias = self.encoder.embed(ids, mask, types, seen)
        for layer in self.encoder.layers:
            x = layer(x, bias)
        return self.encoder.head(x), self.status(x[:, 0]).view(-1, len(FIELDS), STATUSES)


def concept_loss(model, queries, seen, rng):
    """First phase: learn what the words mean, in both languages and in pictures, before comparing them."""
    sides = ([rows[0] for rows in queries], [row for rows in queries for row in rows])
    total = 0.0
    for side, pairs in enumerate(sides):
        pairs = sorted(pairs, key=lambda p: len(p[side]))
        for part in np.array_split(np.arange(len(pairs)), 2):
            some = [pairs[i] for i in part]
            alone = [(p[0], [], p[2], -1) if side == 0 else ([], p[1], -1, p[3]) for p in some]
            wanted = torch.zeros(len(some), len(CONCEPTS))
            for row, pair in enumerate(some):
                wanted[row, torch.from_numpy(pair[6 + side].astype(np.int64))] = 1
            total = total + F.binary_cross_entropy_with_logits(model.mentioned(*tensors(alone), seen.of(alone, rng), side).float(), wanted, reduction="sum") / len(pairs)
    return total / 2


def loss_of(model, queries, seen, rng, task_weight, chunks):
    """Loss of several queries. Pairs of like length run together, which saves padding; the listwise term sees whole queries."""
    pairs = [row for rows in queries for row in rows]
    group = torch.tensor([i for i, rows in enumerate(queries) for _ in rows])
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i][0]) + len(pairs[i][1]))
    logits, extra = [], 0.0
    # A field that was not asked for is easy; it counts little.
    weight = torch.tensor([0.1] + [1.0] * (STATUSES - 1))
    for part in np.array_split(np.array(order), chunks):
        some = [pairs[i] for i in part]
        logit, status = model(*tensors(some), seen.of(some, rng))
        logits.append(logit.float())
        target = torch.from_numpy(np.stack([p[5] for p in some]).astype(np.int64))
        extra = extra + len(some) / len(pairs) * F.cross_entropy(status.float().reshape(-1, STATUSES), target.reshape(-1), weight)
    logit = torch.cat(logits)[torch.argsort(torch.tensor(order))]
    grade = torch.tensor([p[4] for p in pairs])
    pointwise = F.binary_cross_entropy_with_logits(logit, TARGETS[grade])
    size = torch.bincount(group)
    table = torch.full((len(queries), int(size.max())), -1e4)
    column = torch.cat([torch.arange(n) for n in size])
    gains = torch.zeros_like(table)
    scores = table.index_put((group, column), logit)
    gains = gains.index_put((group, column), GAINS[grade])
    useful = gains.sum(1) > 0
    listwise = -(gains / gains.sum(1, keepdim=True).clamp(min=1e-6) * F.log_softmax(scores, 1)).sum(1)[useful].mean()
    return pointwise + 0.3 * listwise + task_weight * extra, pointwise.item()


@torch.no_grad()
def score_pairs(encoder, pairs, seen, batch=128):
    """Logits of `(query ids, document ids, query picture, document picture)` in the given order; numbers of pictures, -1 for none."""
    encoder.eval()
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i][0]) + len(pairs[i][1]))
    result = np.zeros(len(pairs), np.float32)
    for start in range(0, len(order), batch):
        part = order[start: start + batch]
        some = [pairs[i] for i in part]
        x, bias = encoder.embed(*tensors(some), seen.of(some))
        for layer in encoder.layers:
            x = layer(x, bias)
        result[part] = encoder.head(x).numpy()
    return result


def ndcg(grades, scores, depth=10):
    """NDCG with gains 2^grade - 1."""
    gains = 2.0 ** np.asarray(grades) - 1
    discounts = 1 / np.log2(np.arange(2, depth + 2))
    best = np.sort(gains)[::-1][:depth]
    got = gains[np.argsort(-np.asarray(scores), kind="stable")][:depth]
    ideal = (best * discounts[: len(best)]).sum()
    return float((got * discounts[: len(got)]).sum() / ideal) if ideal > 0 else float("nan")


def check(encoder, held, seen, count):
    """NDCG@10 by mode, and accuracy at grade >= 2, on some held-out queries."""
    values, right, total = defaultdict(list), 0, 0
    for i in range(min(count, held.count)):
        rows = held.query(i)
        scores = score_pairs(encoder, rows, seen)
        grades = [r[4] for r in rows]
        if max(grades) > 0:
            values[held.mode(i)].append(ndcg(grades, scores))
        right += sum((s > 0) == (g >= 2) for s, g in zip(scores, grades))
        total += len(grades)
    encoder.train()
    return "held-out: accuracy %.4f, NDCG@10 %s" % (right / total, ", ".join("%s %.3f" % (mode, np.mean(values[mode])) for mode in MODES if values[mode]))


def stream(files, seed, part, parts, skip):
    """Queries without end, every `parts`-th from `part`; the first `skip` of them were used before a resume."""
    shards, epoch, number = {}, 0, 0
    while True:
        rng = random.Random("%d-%d" % (seed, epoch))
        for path in rng.sample(files, len(files)):
            if path not in shards:
                shards[path] = Pairs(path)
            pairs = shards[path]
            for i in rng.sample(range(pairs.count), pairs.count):
                number += 1
                if number % parts != part:
                    continue
                if skip > 0:
                    skip -= 1
                else:
                    yield pairs.query(i)
        epoch += 1


def work(model, options, files, part, skip, grads, pipe):
    """One process: answers every request with the gradient of its share of the batch, written to the shared `grads`."""
    torch.set_num_threads(1)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    queries, seen, rng = stream(files, options.seed, part, options.processes, skip), Seen(options.data, False), random.Random(skip)
    share = options.queries // options.processes
    while True:
        request = pipe.recv()
        if request is None:
            return
        phase, weight = request
        for p in model.parameters():
            p.grad = None
        with torch.autocast("cpu", dtype=torch.bfloat16):
            if phase == "concepts":
                loss = concept_loss(model, [next(queries) for _ in range(2 * share)], seen, rng)
                said = loss.item()
            else:
                loss, said = loss_of(model, [next(queries) for _ in range(share)], seen, rng, weight, max(1, share // 6))
        loss.backward()
        put(model, grads)
        pipe.send(said)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder of vision.py, gallery.py and corpus.py")
    parser.add_argument("--name", default="checkpoint", help="name of the checkpoint in that folder")
    parser.add_argument("--minutes", type=float, default=30, help="training time, all runs together (default 30)")
    parser.add_argument("--steps", type=int, help="stop after so many steps instead: the same result on every machine of a kind")
    parser.add_argument("--concepts", type=float, default=0.08, help="share of the time for the first phase, on the words alone")
    parser.add_argument("--queries", type=int, default=24, help="queries per step, eight documents each")
    parser.add_argument("--rate", type=float, default=1.2e-3, help="peak learning rate")
    parser.add_argument("--width", type=int, default=192)
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--processes", type=int, default=2, help="processes of one thread each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", action="store_true", help="continue from checkpoint.pt")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    checkpoint = os.path.join(options.data, options.name + ".pt")

    tokenizer = Tokenizer.load(os.path.join(options.data, "tokenizer.json"))
    shape = dict(vocabulary=len(tokenizer.vocabulary), width=options.width, layers=options.layers)
    encoder = CrossEncoder(**shape)
    # The eyes are trained by vision.py; their views are computed once.
    encoder.eyes.load_state_dict(torch.load(os.path.join(options.data, "eyes.pt")))
    encoder.eyes.requires_grad_(False)
    model = WithTasks(encoder, options.width)
    model.share_memory()
    decay = [p for p in trained(model) if p.dim() > 1]
    plain = [p for p in trained(model) if p.dim() <= 1]
    optimizer = torch.optim.AdamW([dict(params=decay, weight_decay=0.01), dict(params=plain, weight_decay=0.0)], lr=options.rate, betas=(0.9, 0.98))
    step, spent, seen, phase_step = 0, 0.0, 0, 0
    if options.resume and os.path.exists(checkpoint):
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        step, spent, seen, phase_step = state["step"], state["spent"], state["seen"], state["phase_step"]
        print("resumed at step %d, %.1f minutes" % (step, spent / 60))
    print("%.2f M parameters" % (sum(p.numel() for p in encoder.parameters()) / 1e6), flush=True)

    files = sorted(glob.glob(os.path.join(options.data, "train-*.npz")))
    held = Pairs(os.path.join(options.data, "held-out.npz"))
    held_seen = Seen(options.data, True)
    workers = start(lambda part, grads, pipe: work(model, options, files, part, seen // options.processes, grads, pipe), options.processes, model)

    def save():
        torch.save(dict(model=model.state_dict(), encoder=encoder.state_dict(), optimizer=optimizer.state_dict(), shape=shape, step=step, spent=spent, seen=seen,
                        phase_step=phase_step), checkpoint + ".new")
        os.replace(checkpoint + ".new", checkpoint)

    average, phase, stopped = None, None, []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    last = said = saved = time.time()
    while True:
        share = step / options.steps if options.steps else spent / (options.minutes * 60)
        if share >= 1 or stopped:
            break
        if share < options.concepts:
            now_phase, progress = "concepts", share / options.concepts
        else:
            now_phase, progress = "pairs", (share - options.concepts) / (1 - options.concepts)
        if now_phase != phase:
            if phase:
                phase_step = 0
            phase, average = now_phase, None
        peak = 3 * options.rate if phase == "concepts" else options.rate
        rate = peak * min(1.0, (phase_step + 1) / 100) * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * progress)))
        for group in optimizer.param_groups:
            group["lr"] = rate
        for _, pipe, _ in workers:
            pipe.send((phase, 0.5 if progress < 0.6 else 0.2))
        loss = sum(pipe.recv() for _, pipe, _ in workers) / len(workers)
        gather(model, [grads for _, _, grads in workers])
        nn.utils.clip_grad_norm_(trained(model), 1.0)
        optimizer.step()
        step, phase_step = step + 1, phase_step + 1
        seen += options.queries * (2 if phase == "concepts" else 1)
        average = loss if average is None else 0.98 * average + 0.02 * loss
        now = time.time()
        spent += now - last
        if step % 100 == 0:
            print("step %5d  %5.1f min  rate %.1e  %s: cross-entropy %.4f" % (step, spent / 60, rate, phase, average), flush=True)
        if now - saved > 120:
            save()
            saved = time.time()
        if phase == "pairs" and now - said > 420:
            print("    " + check(encoder, held, held_seen, 160), flush=True)
            said = time.time()
        last = time.time()
    save()
    for process, pipe, _ in workers:
        pipe.send(None)
        process.join()
    print("end: step %d, %d queries, %.1f min; %s" % (step, seen, spent / 60, check(encoder, held, held_seen, held.count)))


if __name__ == "__main__":
    main()
