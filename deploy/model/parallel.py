"""Training by several processes of one thread each, over one model in shared memory.

The processes wait for one another once a step; threads would do so at every operation, and lose much more when another
program takes a core.
"""

import multiprocessing

import torch


def trained(model):
    """The parameters that learn."""
    return [p for p in model.parameters() if p.requires_grad]


def start(work, processes, model):
    """Starts `work(part, grads, pipe)` in each process: a list of `(process, pipe, grads)`."""
    workers = []
    size = sum(p.numel() for p in trained(model))
    for part in range(processes):
        here, there = multiprocessing.Pipe()
        grads = torch.zeros(size).share_memory_()
        process = multiprocessing.Process(target=work, daemon=True, args=(part, grads, there))
        process.start()
        workers.append((process, here, grads))
    return workers


def put(model, grads):
    """Writes a model's gradients, one after the other, to the shared `grads`."""
    at = 0
    for p in trained(model):
        if p.grad is None:
            grads[at: at + p.numel()] = 0
        else:
            grads[at: at + p.numel()] = p.grad.reshape(-1)
        at += p.numel()


def gather(model, all_grads):
    """Sets a model's gradients to the mean of those written by the processes."""
    grads, at = sum(all_grads) / len(all_grads), 0
    for p in trained(model):
        p.grad = grads[at: at + p.numel()].view_as(p)
        at += p.numel()
