"""Tiny random encoders with real tokenisers, made on the spot: nothing is fetched."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast, RobertaConfig, RobertaModel

WORDS = (
    "[PAD] [UNK] [CLS] [SEP] [MASK] the patient has fever cough pain chest acute no a of with and aspirin "
    "was given 患 者 有 糖 尿 病 ##s , ."
)
SIZES = {
    "hidden_size": 32,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "max_position_embeddings": 34,
    "initializer_range": 0.5,  # spread enough that no two tokens are alike
    "pad_token_id": 0,
}


def make_encoder(folder: Path, *, longest: int | None = 32, roberta: bool = False) -> Path:
    """A complete BERT (or RoBERTa) folder of four layers. longest: None is a tokeniser without a limit."""
    vocabulary = {word: place for place, word in enumerate(WORDS.split())}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    names = {"unk_token": "[UNK]", "pad_token": "[PAD]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    limit = {"model_max_length": longest} if longest else {}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names, **limit).save_pretrained(folder)
    torch.manual_seed(5)
    kind, config = (RobertaModel, RobertaConfig) if roberta else (BertModel, BertConfig)
    kind(config(vocab_size=len(vocabulary), **SIZES)).save_pretrained(folder)
    return folder
