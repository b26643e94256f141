"""Term libraries and the aligner: which term of a published table a word of an answer means."""

from evalcore.terms.align import Aligner, Alignment, EncoderAligner, align, aligner, term_vectors
from evalcore.terms.library import Library, load, of_terms

__all__ = [
    "Aligner",
    "Alignment",
    "EncoderAligner",
    "Library",
    "align",
    "aligner",
    "load",
    "of_terms",
    "term_vectors",
]
