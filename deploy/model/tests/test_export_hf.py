"""Exports checkpoints of random weights through transformers' own code. Needs torch and transformers, and no network."""

import io
import json
import os
import sys
import tempfile
import unittest
from contextlib import redirect_stdout

try:
    import torch
    import transformers
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
except ImportError:
    raise unittest.SkipTest("transformers is not installed")

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import export_hf  # noqa: E402

SIZES = dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=600)
GROUPED = dict(SIZES, num_key_value_heads=2, head_dim=8)


def tokenizer(folder, control, template=None, **special):
    words = sorted({word for pair in export_hf.PAIRS for text in pair for word in text.split()} | {"yes", "no", "Yes"})
    vocabulary = {word: i for i, word in enumerate(control + words)}
    backend = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    backend.add_special_tokens(control)
    if template:
        backend.post_processor = processors.TemplateProcessing(
            single=template[0], pair=template[1], special_tokens=[(token, vocabulary[token]) for token in control if token in template[1]]
        )
    names = ["input_ids", "attention_mask"] + (["token_type_ids"] if template and ":1" in template[1] else [])
    transformers.PreTrainedTokenizerFast(tokenizer_object=backend, unk_token="<unk>", model_input_names=names, **special).save_pretrained(folder)
    return len(vocabulary)


class ExportTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.checkpoint, self.package = os.path.join(folder.name, "checkpoint"), os.path.join(folder.name, "small-package")
        torch.manual_seed(8)

    def save(self, model):
        with torch.no_grad():
            for weight in model.parameters():
                weight.mul_(4)
        model.save_pretrained(self.checkpoint)

    def export(self, *more):
        with redirect_stdout(io.StringIO()):
            export_hf.main(["--checkpoint", self.checkpoint, "--package", self.package, *more])
        with open(os.path.join(self.package, "model.yaml"), encoding="utf-8") as file:
            yaml = file.read()
        with open(os.path.join(self.package, "golden.jsonl"), encoding="utf-8") as file:
            golden = [json.loads(line) for line in file]
        self.assertEqual(len(golden), len(export_hf.PAIRS))
        # Pairs that score alike would not notice a mistake.
        self.assertGreater(max(line["logit"] for line in golden) - min(line["logit"] for line in golden), 0.05)
        self.assertEqual(sorted(os.listdir(self.package)), ["golden.jsonl", "model-bf16.pt", "model.pt", "model.yaml", "tokenizer.json"])
        return yaml

    def bert(self, labels=1):
        size = tokenizer(self.checkpoint, ["[PAD]", "<unk>", "[CLS]", "[SEP]"], ("[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1"), pad_token="[PAD]")
        config = transformers.BertConfig(vocab_size=size, num_labels=labels, **SIZES)
        self.save(transformers.BertForSequenceClassification(config))

    def qwen3(self, **more):
        size = tokenizer(self.checkpoint, ["<|endoftext|>", "<unk>", "<|im_start|>", "<|im_end|>"], pad_token="<|endoftext|>")
        self.save(transformers.Qwen3ForCausalLM(transformers.Qwen3Config(vocab_size=size, **GROUPED, **more)))

    def test_exports_a_bert_classifier_with_its_token_types(self):
        self.bert()
        yaml = self.export("--license", "Apache-2.0")
        self.assertIn("name: small-package\n", yaml)
        self.assertIn("inputs: [input_ids, attention_mask, token_type_ids]\noutputs: 1\npad_token_id: 0\n", yaml)

    def roberta(self, family, labels):
        size = tokenizer(
            self.checkpoint, ["<s>", "<pad>", "</s>", "<unk>"], ("<s> $A </s>", "<s> $A </s> </s> $B </s>"), pad_token="<pad>", eos_token="</s>"
        )
        config = getattr(transformers, family + "Config")(vocab_size=size, num_labels=labels, pad_token_id=1, type_vocab_size=1, **SIZES)
        self.save(getattr(transformers, family + "ForSequenceClassification")(config))

    def test_exports_an_xlm_roberta_classifier_of_two_labels(self):
        self.roberta("XLMRoberta", 2)
        self.assertIn("inputs: [input_ids, attention_mask]\noutputs: 2\npad_token_id: 1\n", self.export())

    def test_exports_a_roberta_classifier(self):
        self.roberta("Roberta", 1)
        self.assertIn("outputs: 1\npad_token_id: 1\n", self.export())

    def test_exports_a_camembert_classifier(self):
        self.roberta("Camembert", 1)
        self.assertIn("outputs: 1\npad_token_id: 1\n", self.export())

    def test_traces_decoders_of_the_same_build(self):
        rows = [[3, 4, 5, 6, 7], [8, 9], list(range(10, 40))]
        for family in ("Qwen2", "Llama", "Mistral"):
            with self.subTest(family), torch.no_grad():
                config = getattr(transformers, family + "Config")(vocab_size=50, sliding_window=None, **GROUPED)
                model = getattr(transformers, family + "ForCausalLM")(config).eval()
                logits = [model(input_ids=torch.tensor([row])).logits[0, -1] for row in rows]
                expected = torch.stack([answer[11] - answer[7] for answer in logits])
                traced = export_hf.graphs.trace(export_hf.yes_no_graph(model, 11, 7).eval(), rows[:2])
                self.assertLess((traced(*export_hf.graphs.batch(rows)) - expected).abs().max().item(), 1e-5)
                self.assertGreater(expected.std().item(), 1e-3)

    def test_exports_a_qwen3_reranker(self):
        self.qwen3()
        yaml = self.export("--prompt", "qwen3-reranker")
        self.assertIn('  query: "<Query>: {query}\\n"\n', yaml)
        self.assertIn('yes_no: {yes: "yes", no: "no", output: fused}\n', yaml)

    def test_exports_a_gemma_reranker_with_one_answer(self):
        size = tokenizer(self.checkpoint, ["<pad>", "<eos>", "<bos>", "<unk>"], pad_token="<pad>")
        self.save(transformers.GemmaForCausalLM(transformers.GemmaConfig(vocab_size=size, **GROUPED)))
        yaml = self.export("--prompt", "bge-gemma")
        self.assertIn('yes_no: {yes: "Yes", no: null, output: fused}\n', yaml)
        self.assertNotIn("instruction", yaml)

    def refused(self, message, *more):
        with self.assertRaisesRegex(SystemExit, message):
            self.export(*more)
        self.assertFalse(os.path.exists(os.path.join(self.package, "model.yaml")))

    def test_refuses_what_it_cannot_export_in_a_sentence(self):
        self.refused("no config.json. Download it first")
        self.bert(labels=3)
        self.refused("has 3 labels; a reranker has one, or two")
        self.refused("'nothing', which is neither built in", "--prompt", "nothing")
        self.refused("longest golden pair has .* more than --max-tokens 8", "--max-tokens", "8")

    def test_refuses_sliding_windows(self):
        self.qwen3(use_sliding_window=True, sliding_window=16, max_window_layers=1)
        self.refused("sliding windows", "--prompt", "qwen3-reranker")

    def test_refuses_an_answer_of_several_tokens(self):
        self.qwen3()
        prompt = self.package + ".json"
        with open(prompt, "w", encoding="utf-8") as file:
            json.dump({"query": "{query}", "document": "{document}", "yes": "yes no"}, file)
        self.refused("splits into 2 tokens", "--prompt", prompt)


if __name__ == "__main__":
    unittest.main()
