#!/usr/bin/python3
"""Writes the model package from a checkpoint: TorchScript in fp32 and bf16, tokenizer, golden pairs, model.yaml.

    export.py --corpus /tmp/lychee --checkpoint /tmp/lychee/run/checkpoint.pt --package deploy/models/lychee-text-mini

The temperature is the one with the least log loss for "grade >= 2" on the held-out pairs. The files are checked before the
script ends: other batch sizes and lengths, padding, and the distance of TorchScript and bf16 from the eager fp32 model.
"""

import argparse
import json
import os
import tempfile

import numpy as np
import torch

import wordpiece
from network import CrossEncoder
from train import Pairs, score_pairs, tensors

VERSION = "1"
GOLDEN = [
    ("复古风牛仔外套", "复古水洗牛仔外套女宽松 Vintage Denim Jacket | 港风设计，经典耐看 | 春秋百搭单品"),
    ("复古风牛仔外套", "Red Summer Dress, Chiffon, V-Neck | Perfect for date night"),
    ("复古风牛仔外套", "运动风速干短袖t恤 男"),
    ("red summer dress", "Red Floral Chiffon Dress for Summer | Breathable | Perfect for beach"),
    ("red summer dress", "夏季红色雪纺连衣裙 V领 | 透气"),
    ("red summer dress", "Blue Winter Wool Coat, Double-Breasted"),
    ("red summer dress", "dress"),
    ("约会穿的裙子", "法式碎花吊带裙 温柔风 | 适合约会"),
    ("约会穿的裙子", "Men's Hiking Shoes, Waterproof, Non-Slip"),
    ("gift for dad", "Men's Genuine Leather Belt | A thoughtful gift"),
    ("gift for dad", "女童可爱毛绒玩具"),
    ("防水登山鞋 男", "Waterproof hiking boots for men | Non-slip sole | Great for trekking"),
    ("noise cancelling headphones", "头戴式蓝牙耳机 主动降噪 长续航"),
    ("noise cancelling headphones", "Wireless Earbuds, ANC, Fast Charging | 30h playtime"),
    ("waterproof laptop bag for work", "商务防水电脑包 大容量 | 通勤出差都合适 | 尼龙面料"),
    ("oversize 卫衣 women", "宽松连帽卫衣女韩版 | Cotton | 秋季新款"),
    ("chic café dress – crème, 100% silk!", "Élégante robe… French-style SILK dress (cream/beige) ✨ 50% off!!"),
    ("ＲＥＤ　ｄｒｅｓｓ【新款】", "红色连衣裙，【包邮】～夏季新款！！"),
    ("保温杯", "304不锈钢保温杯 500ml | 24小时保温 | 防漏"),
    ("k", "瓷"),
    ("minimalist nordic table lamp for reading", "北欧简约护眼台灯 | 可调光 | Perfect for study | 原木底座"),
    ("给女朋友的生日礼物", "925银锁骨链 轻奢 女 | 生日礼物 | Sterling silver necklace with crystal"),
    ("vintage leather backpack", "New 2026 hot sale vintage brown genuine leather backpack, large capacity rucksack for men and women, travel school office laptop daypack "
     "with many pockets, water-resistant lining and adjustable straps | Crafted from real leather | Great for travel | One year warranty"),
    ("适合小个子女生的高腰阔腿牛仔裤", "高腰阔腿牛仔裤女夏季薄款小个子显瘦直筒宽松垂感拖地长裤 2026新款爆款网红百搭 | 遮肉显高，修饰身材 | 水洗牛仔布，柔软透气 | 七天无理由退换，尺码标准，S到XXL"),
]

YAML = """# A cross-encoder for product search in English and Chinese; see deploy/model/README.md.
schema: 1
name: lychee-text-mini
version: "%(version)s"
kind: sequence-classification
languages: [en, zh]
license: Apache-2.0
weights:
  fp32: model.pt
  bf16: model-bf16.pt
tokenizer: tokenizer.json
inputs: [input_ids, attention_mask, token_type_ids]
outputs: 1                 # one logit per pair
pad_token_id: 0
limits:
  max_tokens: 160          # whole pair with special tokens; only the document is shortened
  max_query_tokens: 64
temperature: %(temperature).2f          # least log loss for "grade >= 2" on the held-out pairs
golden:
  file: golden.jsonl
  tolerance: {fp32: 0.001, bf16: %(tolerance).2f}   # absolute, in logits; at least twice the largest difference measured
"""


def load_encoder(path):
    """The eager fp32 model of a checkpoint."""
    state = torch.load(path, map_location="cpu")
    encoder = CrossEncoder(**state["shape"])
    encoder.load_state_dict(state["encoder"])
    return encoder.eval()


def save_script(encoder, path):
    """Saves as TorchScript, without the debug records: they carry the absolute path of the source file."""
    with tempfile.TemporaryDirectory() as folder:
        whole = os.path.join(folder, os.path.basename(path))
        torch.jit.script(encoder).save(whole)
        reader, writer = torch._C.PyTorchFileReader(whole), torch._C.PyTorchFileWriter(path)
        for name in reader.get_all_records():
            # The writer adds the version itself.
            if name != "version" and not name.endswith(".debug_pkl"):
                record = reader.get_record(name)
                writer.write_record(name, record, len(record))
        writer.write_end_of_file()


def log_loss(logits, relevant, temperature):
    z = np.clip(logits / temperature, -30, 30)
    return float(np.mean(np.log1p(np.exp(-z)) * relevant + np.log1p(np.exp(z)) * (1 - relevant)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--package", required=True)
    options = parser.parse_args()
    os.makedirs(options.package, exist_ok=True)
    torch.set_num_threads(1)

    def path(name):
        return os.path.join(options.package, name)

    encoder = load_encoder(options.checkpoint)
    tokenizer = wordpiece.Tokenizer.load(os.path.join(options.corpus, "tokenizer.json"))
    wordpiece.write(tokenizer.vocabulary, path("tokenizer.json"))
    save_script(encoder, path("model.pt"))
    half = load_encoder(options.checkpoint).bfloat16()
    for part in (half.final, half.pool, half.score):
        part.float()
    save_script(half, path("model-bf16.pt"))

    held = Pairs(os.path.join(options.corpus, "held-out.npz"))
    rows = [row for i in range(held.count) for row in held.query(i)]
    logits = score_pairs(encoder, rows)
    relevant = np.array([row[2] >= 2 for row in rows], float)
    grid = np.arange(0.4, 3.01, 0.01)
    losses = [log_loss(logits, relevant, t) for t in grid]
    temperature = float(grid[int(np.argmin(losses))])
    print("temperature %.2f: log loss %.4f (%.4f at 1.0), %d held-out pairs" % (temperature, min(losses), log_loss(logits, relevant, 1.0), len(rows)))

    scripted, scripted_half = torch.jit.load(path("model.pt")).eval(), torch.jit.load(path("model-bf16.pt")).eval()
    far, far_half, lines = 0.0, 0.0, []
    with torch.no_grad():
        for query, document in GOLDEN:
            ids, types = tokenizer.pair(query, document)
            inputs = torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.long), torch.tensor([types])
            logit = encoder(*inputs).item()
            far = max(far, abs(scripted(*inputs).item() - logit))
            far_half = max(far_half, abs(scripted_half(*inputs).item() - logit))
            lines.append(json.dumps(dict(query=query, document=document, input_ids=ids, logit=round(logit, 6)), ensure_ascii=False))
        pad_gap, half_gap = 0.0, 0.0
        for size in (1, 3, 7, 32):
            some = rows[size * 50: size * 50 + size]
            batch = tensors(some)
            together = scripted(*batch)
            alone = torch.cat([scripted(*tensors([row])) for row in some])
            pad_gap = max(pad_gap, (together - alone).abs().max().item())
            half_gap = max(half_gap, (scripted_half(*batch) - alone).abs().max().item())
    print("largest difference from eager fp32 on golden pairs: TorchScript %.1e, bf16 %.3f; in padded batches: fp32 %.1e, bf16 %.3f" % (far, far_half, pad_gap, half_gap))
    assert far < 1e-4 and pad_gap < 1e-4
    with open(path("golden.jsonl"), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    tolerance = max(0.15, np.ceil(max(far_half, half_gap) * 2 * 20) / 20)
    with open(path("model.yaml"), "w", encoding="utf-8") as file:
        file.write(YAML % dict(version=VERSION, temperature=temperature, tolerance=tolerance))
    for name in sorted(os.listdir(options.package)):
        print("%9d  %s" % (os.path.getsize(path(name)), name))


if __name__ == "__main__":
    main()
