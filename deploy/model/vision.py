#!/usr/bin/python3
"""Trains the eyes of the model: what a picture shows (class, category, pattern) and in which colour.

    vision.py --data /tmp/lychee --minutes 18      # --resume continues

writes `eyes.pt`, batch normalization folded in. The heads are dropped; the joint training sees the eyes' output only.
"""

import argparse
import math
import os
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import colours
import drawing
from network import MEAN, SIDE, STD, Eyes
from parallel import gather, put, start
from pictures import CLASSES

CATEGORIES = sorted(drawing.SHAPES)
PATTERNS = ("solid",) + drawing.PATTERNS
SHADES = sorted(drawing.SHADES)
# Photographs' colours are a part of the drawings'.
SHADE_OF = [SHADES.index(name) for name in colours.NAMES]


def load(path, skip=None):
    with np.load(path) as arrays:
        return {name: arrays[name] for name in arrays.files if name != skip}


def augment(pixels, rng):
    """uint8 [n, s, s, 3] to float [n, 3, SIDE, SIDE]: flipped, turned, cropped, brighter or darker; hues stay."""
    x = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
    n = len(pixels)
    turn = torch.from_numpy(rng.normal(0, 0.12, n).astype(np.float32))
    zoom = torch.from_numpy(rng.uniform(0.66, 1.04, (n, 1)).astype(np.float32)) * torch.from_numpy(rng.uniform(0.92, 1.08, (n, 2)).astype(np.float32))
    flip = torch.from_numpy(rng.choice((-1.0, 1.0), n).astype(np.float32))
    room = (1 - zoom).clamp(min=0.03)
    move = torch.from_numpy(rng.uniform(-1, 1, (n, 2)).astype(np.float32)) * room
    cos, sin = torch.cos(turn), torch.sin(turn)
    theta = torch.stack([torch.stack([cos * zoom[:, 0] * flip, -sin * zoom[:, 1], move[:, 0]], 1), torch.stack([sin * zoom[:, 0] * flip, cos * zoom[:, 1], move[:, 1]], 1)], 1)
    x = F.grid_sample(x, F.affine_grid(theta, (n, 3, SIDE, SIDE), align_corners=False), padding_mode="reflection", align_corners=False)
    gain = torch.from_numpy(rng.uniform(0.75, 1.25, (n, 1, 1, 1)).astype(np.float32))
    contrast = torch.from_numpy(rng.uniform(0.8, 1.2, (n, 1, 1, 1)).astype(np.float32))
    middle = x.mean((1, 2, 3), keepdim=True)
    x = (((x - middle) * contrast + middle) * gain).clamp(0, 1)
    for i in range(n):
        if rng.rand() < 0.25:
            h, w = rng.randint(12, 40, 2)
            top, left = rng.randint(0, SIDE - h), rng.randint(0, SIDE - w)
            x[i, :, top: top + h, left: left + w] = float(rng.rand())
    return normalized(x)


def normalized(x):
    return (x - torch.tensor(MEAN)[:, None, None]) / torch.tensor(STD)[:, None, None]


def plain(pixels):
    """The whole picture at the model's size. From the packed size that is one more resampling, with antialiasing."""
    x = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
    return normalized(F.interpolate(x, (SIDE, SIDE), mode="bicubic", antialias=True, align_corners=False).clamp(0, 1))


class WithHeads(nn.Module):
    def __init__(self):
        super().__init__()
        self.eyes = Eyes()
        self.kind, self.category = nn.Linear(192, len(CLASSES)), nn.Linear(192, len(CATEGORIES))
        self.colour, self.pattern = nn.Linear(192, len(SHADES)), nn.Linear(192, len(PATTERNS))

    def forward(self, x):
        seen = F.dropout(self.eyes(x).mean(1), 0.2, self.training)
        return self.kind(seen), self.category(seen), self.colour(seen), self.pattern(seen)


@torch.no_grad()
def check(model, rows):
    """Macro-averaged accuracy of the class, and accuracy of the measured colour, over photographs."""
    model.eval()
    outputs = [model(plain(rows["pixels"][i: i + 64])) for i in range(0, len(rows["kind"]), 64)]
    kind = torch.cat([o[0] for o in outputs]).argmax(1).numpy()
    colour = torch.cat([o[2] for o in outputs])[:, SHADE_OF].argmax(1).numpy()
    model.train()
    sure = rows["colour"] >= 0
    return np.mean([np.mean(kind[rows["kind"] == k] == k) for k in range(len(CLASSES))]), np.mean(colour[sure] == rows["colour"][sure])


def work(model, options, photos, drawn, seed, grads, pipe):
    """One process: answers every request with the gradient of its share of the batch."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    rng = np.random.RandomState(seed)
    # The rarer classes of photographs come somewhat more often.
    chance = 1 / np.sqrt(np.bincount(photos["kind"]))[photos["kind"]]
    chance /= chance.sum()
    n = options.photographs // options.processes
    while pipe.recv():
        a = rng.choice(len(photos["kind"]), n, p=chance)
        b = rng.randint(0, len(drawn["colour"]), options.drawings // options.processes)
        x = augment(np.concatenate([photos["pixels"][a], drawn["pixels"][b]]), rng).to(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            kind, category, colour, pattern = model(x)
        loss = F.cross_entropy(kind[:n].float(), torch.from_numpy(photos["kind"][a]), label_smoothing=0.05)
        # A photograph's colour is one of twelve words, a drawing's one of the lexicon's; -1 is unsure.
        words = torch.from_numpy(photos["colour"][a])
        if bool((words >= 0).any()):
            loss = loss + 0.5 * F.cross_entropy(colour[:n, SHADE_OF].float(), words, label_smoothing=0.05, ignore_index=-1)
        loss = loss + 0.3 * F.cross_entropy(colour[n:].float(), torch.from_numpy(drawn["colour"][b]))
        loss = loss + 0.5 * F.cross_entropy(category[n:].float(), torch.from_numpy(drawn["category"][b])) + 0.3 * F.cross_entropy(pattern[n:].float(), torch.from_numpy(drawn["pattern"][b]))
        for p in model.parameters():
            p.grad = None
        loss.backward()
        put(model, grads)
        pipe.send(loss.item())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder written by pictures.py")
    parser.add_argument("--minutes", type=float, default=18)
    parser.add_argument("--photographs", type=int, default=48, help="photographs in a step")
    parser.add_argument("--drawings", type=int, default=28, help="drawings in a step")
    parser.add_argument("--processes", type=int, default=2, help="processes of one thread each")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    photos, valid, drawn = (load(os.path.join(options.data, name)) for name in ("photographs-train.npz", "photographs-validation.npz", "drawings.npz"))
    drawn = dict(pixels=drawn["pixels"], category=np.array([CATEGORIES.index(c) for c in drawn["category"]]), colour=np.array([SHADES.index(c) for c in drawn["colour"]]),
                 pattern=np.array([PATTERNS.index(p) for p in drawn["pattern"]]))
    model = WithHeads().to(memory_format=torch.channels_last).share_memory()
    average = [p.detach().clone() for p in model.parameters()]
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.rate, weight_decay=0.05, betas=(0.9, 0.98))
    step, spent = 0, 0.0
    checkpoint = os.path.join(options.data, "vision.pt")
    if options.resume and os.path.exists(checkpoint):
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        average, step, spent = state["average"], state["step"], state["spent"]
    workers = start(lambda part, grads, pipe: work(model, options, photos, drawn, 1000 * step + part, grads, pipe), options.processes, model)
    said, last, losses = time.time(), time.time(), []

    def averaged():
        """The model with the running average of its weights, and the weights to put back."""
        kept = [p.detach().clone() for p in model.parameters()]
        with torch.no_grad():
            for p, a in zip(model.parameters(), average):
                p.copy_(a)
        return kept

    def put_back(kept):
        with torch.no_grad():
            for p, k in zip(model.parameters(), kept):
                p.copy_(k)

    while spent < options.minutes * 60:
        progress = spent / (options.minutes * 60)
        for group in optimizer.param_groups:
            group["lr"] = options.rate * min(1, (step + 1) / 200) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))
        for _, pipe, _ in workers:
            pipe.send(True)
        losses.append(np.mean([pipe.recv() for _, pipe, _ in workers]))
        gather(model, [grads for _, _, grads in workers])
        nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimizer.step()
        step += 1
        keep = min(0.998, (step + 1) / (step + 20))
        with torch.no_grad():
            for p, m in zip(model.parameters(), average):
                m.mul_(keep).add_(p, alpha=1 - keep)
        now = time.time()
        spent, last = spent + now - last, now
        if now - said > 60 or spent >= options.minutes * 60:
            said = now
            kept = averaged()
            print("step %5d  %5.1f min  loss %.3f  validation: class %.3f, colour %.3f" % ((step, spent / 60, np.mean(losses[-200:])) + check(model, valid)), flush=True)
            torch.save(model.state_dict(), os.path.join(options.data, "vision-average.pt"))
            put_back(kept)
            torch.save(dict(model=model.state_dict(), optimizer=optimizer.state_dict(), average=average, step=step, spent=spent), checkpoint)
            last = time.time()
    for process, pipe, _ in workers:
        pipe.send(None)
        process.join()
    averaged()
    model.eval()
    torch.save(model.eyes.to(memory_format=torch.contiguous_format).fold().state_dict(), os.path.join(options.data, "eyes.pt"))


if __name__ == "__main__":
    main()
