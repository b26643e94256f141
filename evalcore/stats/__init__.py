"""Numbers in, numbers out: intervals, standard errors, a sequence for watching live, power, agreement.

Knows no items, models, files or clock. numpy is imported only where arrays are needed, so that the web
process can import this room at once.
"""

from evalcore.stats.agreement import (
    Estimate,
    cohen_kappa,
    confusion,
    gwet_ac1,
    kendall_tau,
    krippendorff_alpha,
    macro_f1,
    percent_agreement,
    signed_bias,
)
from evalcore.stats.intervals import (
    accuracy_stderr,
    bootstrap_figures,
    bootstrap_interval,
    clustered_stderr,
    mean_stderr,
    normal_quantile,
    wilson_interval,
)
from evalcore.stats.live import live_interval
from evalcore.stats.power import PAIR_CORRELATION, detectable_difference, items_needed, rule_of_three

__all__ = [
    "PAIR_CORRELATION",
    "Estimate",
    "accuracy_stderr",
    "bootstrap_figures",
    "bootstrap_interval",
    "clustered_stderr",
    "cohen_kappa",
    "confusion",
    "detectable_difference",
    "gwet_ac1",
    "items_needed",
    "kendall_tau",
    "krippendorff_alpha",
    "live_interval",
    "macro_f1",
    "mean_stderr",
    "normal_quantile",
    "percent_agreement",
    "rule_of_three",
    "signed_bias",
    "wilson_interval",
]
