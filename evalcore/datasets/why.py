"""Every reason why a row stays out, as a sentence; `{facts}` are those of its Fault.

What it says is what is wrong, with the offending value, so that the row can be mended in the file.
"""

from evalcore.tables import Fault

WHY = {
    # the row itself
    "empty_row": "the row is empty",
    "quotes": "a quotation mark is opened and not closed (or stands in the middle of a cell)",
    "columns": "the row has {n} cells, the header has {wanted}",
    "cell_too_long": "a cell has more than {most:,} characters",
    "no_json": "the line is not JSON",
    "no_object": "the line is {found}, not an object with named fields",
    "field_twice": "the object names a field twice",
    "unreadable": "{column}: bytes that are not in the file's encoding",
    "lost": "{column}: U+FFFD stands where letters were lost in an earlier export",
    "control": "{column}: the control character {sign}",
    # the question
    "no_question": "there is no question",
    "too_long": "{column}: {n:,} characters; at most {most:,} are taken",
    "turns": "the conversation is no list of messages with role and content that ends with the user's",
    "unknown_language": "the language {found!r} is not known; use en, zh, fr, ja, ru or es",
    # the options
    "no_options": "there are no options",
    "one_option": "there is only one option",
    "many_options": "there are {n} options; at most 26 have a letter",
    "same_options": "options {first} and {second} are the same",
    "option_gap": "option {missing} is empty, option {after} is not",
    "options_unreadable": "the cell of options is no list, no object and no lines: {found}",
    # the answer
    "no_answer": "there is no answer",
    "not_an_option": "the answer {found!r} is none of the options {labels}",
    "index_outside": "the answer {found} is outside {low} to {high}",
    "index_unclear": "the answer {found} is a number: say whether numbers count from 0 or from 1",
    "not_a_number": "the answer {found!r} is not a number",
    "letter_and_text": "the answer says {letter}, but the text beside it is not that option's: {found!r}",
    "letter_or_text": "the answer {found!r} is the letter of one option and the text of another",
    "several": "the answer {found!r} names several options, and one is to be chosen",
    "unknown_word": "the answer {found!r} is neither yes, no nor maybe",
    "label_too_long": "the label {found!r} is too long for a label",
    "no_points": "the answer names no point as `name: value`",
    "no_text": "the answer holds no letter and no digit",
    # the rubric
    "no_rubric": "there is no criterion",
    "rubric_unreadable": "a criterion is not readable as `points: text`: {found!r}",
    "points_outside": "a criterion has {found} points; they go from -10 to 10",
    "points_zero": "no criterion has points above 0, so nothing could be reached",
    # beside other rows
    "same_item": "the same question and options stand in row {first}",
    "contradiction": "the same question and options stand in row {first} with another answer",
    "same_id": "the id {id!r} is that of row {first}",
}


def why(fault: Fault) -> str:
    """The fault's sentence in English."""
    return WHY[fault.code].format(**fault.facts)
