"""Where a note makes a promise: pure decisions about words.

A promise has a clause and, at the clause's end, a date phrase after by, before, on or until.  Whether the clause
promises anything is decided by the word lists below, in this order:

1. a question, a condition ("if", "unless") or a denial ("not", "nothing") promises nothing;
2. owe, promise, commit, pledge, guarantee and agree promise, in any tense;
3. a hedge ("might", "could", "maybe") promises nothing;
4. a plan ("we'll", "will send", "needs", "due", "let's", "send …") promises, unless it is told in the past ("was due");
5. anything else promises after "by" and "before" only, unless it tells the past, an opinion or who is away;
   "asked for" and "wanted" count although they are past.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)  # fmt: skip
NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "couple": 2,
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A clause that promises, and when.

    what: the clause without the date; when: the date phrase; span: where the text says when, preposition and all.
    """

    what: str
    when: str
    preposition: str
    span: tuple[int, int] = field(default=(0, 0), compare=False)


def _short(names: tuple[str, ...]) -> set[str]:
    return set(names) | {name[:3] for name in names}


_ANCHORS = (
    _short(WEEKDAYS)
    | _short(MONTHS)
    | {
        "tues",
        "weds",
        "thur",
        "thurs",
        "sept",
        "today",
        "tonight",
        "tomorrow",
        "eod",
        "eob",
        "cob",
        "eow",
        "eom",
        "eoq",
        "eoy",
    }
    | {"day", "days", "week", "weeks", "fortnight", "month", "months", "quarter", "year", "years", "weekend", "hours"}
    | {"noon", "midday", "midnight", "lunch", "lunchtime", "morning", "afternoon", "evening", "night"}
    | {"business", "play", "christmas"}
)
_FILLERS = (
    set(NUMBERS)
    | {"next", "this", "coming", "the", "of", "end", "close", "start", "beginning", "middle", "mid", "early", "late"}
    | {"working", "business", "eve", "after", "from", "now", "time", "first", "thing", "new", "half", "in", "at", "on"}
)
_LOOSE_ENDS = {"the", "of", "at", "on", "in", "after", "from", "next", "this", "coming", "a", "an"}
_TOKEN = re.compile(
    r"""(?P<date>\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})?|\d{1,2}\.\d{1,2}|\d{1,2}/\d{1,2}(?:/\d{2,4})?
        |\d{1,2}(?::\d\d)?[ ]?(?:[ap]m\b|[ap]\.m\.)|\d{1,2}:\d\d|\d{1,2}(?:st|nd|rd|th)\b|q[1-4]\b)(?![\w/])
      |(?P<number>\d{1,4})\.?(?![\w.:/-]|,\d)
      |(?P<word>[a-z]+)(?:'s)?(?!\w|')""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_GAP = re.compile(r"[ \t]*,?[ \t]+|-")
_MOST_WORDS = 8

_PREPOSITION = re.compile(r"(?<![\w-])(on or before|by|before|on|until)[ \t]+", re.IGNORECASE)
_CLAUSE_END = re.compile(
    r"(?P<latest>(?:[ \t]+(?:at the (?:very )?latest|latest|sharp|please))?)[*_~)\]\"'”’]*(?!\w)"
    r"[ \t]*(?:$|\n|\r|(?P<mark>[.!?;,:…])(?!\w)|[()\[–—]|[ \t]-[ \t]"
    r"|:[\w+-]+:|<[@#!]|[☀-➿🌀-🫿]|(?<=[ \t])(?:and|but|so)\b)",
    re.IGNORECASE,
)
_SENTENCE_START = re.compile(r"[.!?;…]+\s+|[\r\n]+")
_CLAUSE_START = re.compile(
    r"\s*[,:()–—]\s*|\s+-\s+|\s+(?i:and|but|so)\s+(?=(?i:we|i|they|she|he|it|you|let's)\b|[A-ZÀ-Þ])"
)
_OPENING = re.compile(r"^(?:(?:and|but|so|also|then)\s+)+", re.IGNORECASE)
_LONGEST_SENTENCE = 400

_DOING = (
    "(?:send|share|deliver|give|provide|get|return|bring|show|present|ship|finish|complete|confirm|sign|pay|review"
    "|approve|decide|reply|respond|answer|write|call|ring|phone|meet|book|fix|draft|prepare|publish|launch|update|submit"
    "|follow|come back|hand|post|upload|email|e-mail|invoice|schedule|arrange|organise|organize|check|chase|circulate"
    "|sort|tell|let|do|make|have|put|set|start|add|move|resend|revert|report|remind|invite|hear)"
)
_OWN_SUBJECT = re.compile(r"(?:we|i|they|she|he|it|you)\b", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:not|never|nothing|nobody|none|no|cannot|without)\b(?!-)|n't\b")
_REMINDER = re.compile(r"\b(?:don't|do not|must not|mustn't) forget\b")
_CONDITIONAL = re.compile(r"\b(?:if|unless|whether)\b")
_SWORN = re.compile(
    r"(?<!\bas )\b(?:owe[sd]?|owing|promise[sd]?|promising|commit(?:s|ted|ting)?|pledge[sd]?|guarantee[sd]?)\b"
    r"|\bagreed? to\b"
)
_HEDGED = re.compile(r"\b(?:might|may|could|maybe|perhaps|possibly|probably|would)\b")
_PLANNED = re.compile(
    rf"\b(?:we|i)(?:'ll| will| shall)(?! (?:also )?be\b(?! (?:\w+ing|done|ready)\b))"
    rf"|(?:'ll|\b(?:will|shall|must|should|going to|ha(?:ve|s) to|(?:is|are|am|plans?) to)) (?:then |also )?{_DOING}\b"
    rf"|\b(?:we|i) (?:need|have|must|should)\b|\b(?:needs?|wants?|expects?|awaits?)\b"
    rf"|\bfrom us\b|\bis ours\b|\bours to\b|\blet's\b|\bdue\b|\bdeadline\b"
    rf"|\bget(?:ting)? back\b|\bto[- ]?do\b|\baction\b|\bforget\b"
    rf"|^(?:please |and |then |to |must )*{_DOING}\b"
)
_WAS = re.compile(r"\b(?:was|were|had|did|went|been)\b")
_ASKED = re.compile(r"\b(?:asked (?:us|for|me)|wanted|needed|expected|requested)\b")
_OPINION = re.compile(
    r"\b(?:hop(?:e|es|ing)|thinks?|believes?|worr(?:y|ies|ied)|fears?|guess(?:es)?|says?|seems?|feels?|looks?)\b"
    r"|(?:\b(?:is|are|be|am)|'s|'re|'m) (?:back|away|off|out|gone|free|here)\b"
)
_IRREGULAR = re.compile(
    r"spoke|met|said|told|sent|left|got|gave|came|went|was|were|had|did|saw|heard|rang|wrote|made|felt|took"
    r"|kept|held|knew|thought|brought|paid|lost|won|began|grew|found|spent|built|chose|drew|fell"
)
_NOT_PAST = re.compile(r"need|indeed|agreed|speed|breed|embed|shed|(?:ex|pro|suc)ceed")
_BEFORE_A_PARTICIPLE = re.compile(
    r"the|a|an|her|his|their|our|its|my|your|this|that|be|get|gets|getting|have|has|it|them|all|as"
)
_THEIRS = re.compile(
    rf"\bowe[sd]? us\b|\b(?:promise[sd]?|pledge[sd]?|guarantee[sd]?) us\b|\bfrom (?:them|her|him)\b|\bdue from (?!us\b)"
    rf"|\b(?:they|she|he)(?: have| has|'ve|'s)? (?:owe[sd]?|promise[sd]?|pledge[sd]?|committed|agreed? to)\b"
    rf"|\b(?:they|she|he)(?:'ll| will| shall| must| ha(?:ve|s) to|(?: are| is|'re|'s) going to)"
    rf" (?:then |also )?{_DOING}\b"
)
_TO_US = re.compile(rf"\b{_DOING}s? (?:(?:it|them|that) |(?:[\w'-]+ ){{0,5}}?to )?us\b")
_WE = re.compile(r"\b(?:we|i|let's)\b")


def find_phrases(text: str) -> Iterator[Phrase]:
    """Yield every promise with a date phrase, in the order of the text."""
    for found in _PREPOSITION.finditer(text):
        when = _date_words(text, found.end())
        if when is None:
            continue
        end = _CLAUSE_END.match(text, found.end() + len(when))
        if end is None or end["mark"] == "?":
            continue
        preposition = "by" if found[1].casefold() == "on or before" else found[1].casefold()
        what = _clause(_sentence(text, found.start()))
        if what and _promises(_plain(what), preposition):
            yield Phrase(what, when, preposition, (found.start(), end.end("latest")))


def is_date_phrase(text: str) -> bool:
    """Whether a text is made of date words alone, one of which can stand for a day ("Friday", not "of the")."""
    return text != "" and text in _prefixes(text, 0)


def theirs(what: str) -> bool:
    """Whether a promise is theirs to keep: they owe us, she will send, from them.  A bare name is one of us."""
    clause = _plain(what)
    if _THEIRS.search(clause):
        return True
    to_us = _TO_US.search(clause)
    return to_us is not None and not _WE.search(clause, 0, to_us.start())


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


def _date_words(text: str, start: int) -> str | None:
    """Return the longest run of date words from start on that ends where a clause ends."""
    runs = _prefixes(text, start)
    return next((run for run in reversed(runs) if _CLAUSE_END.match(text, start + len(run))), None)


def _prefixes(text: str, start: int) -> list[str]:
    """Return the runs of date words that begin at start and hold an anchor, shortest first."""
    text = text.replace("’", "'")
    runs: list[str] = []
    at, anchored = start, False
    for _ in range(_MOST_WORDS):
        token = _TOKEN.match(text, at)
        word = token["word"].casefold() if token and token["word"] else ""
        if token is None or (word and word not in _ANCHORS and word not in _FILLERS and word != "year"):
            break
        anchored = anchored or bool(token["date"]) or word in _ANCHORS
        if anchored and word not in _LOOSE_ENDS:
            runs.append(text[start : token.end()])
            if token["date"] and token["date"].endswith(".") and text[token.end() - 2].isdigit():
                runs.insert(-1, text[start : token.end() - 1])
        gap = _GAP.match(text, token.end())
        if gap is None:
            break
        at = gap.end()
    return runs


def _sentence(text: str, end: int) -> str:
    """Return what stands before end in its sentence."""
    before = text[max(0, end - _LONGEST_SENTENCE) : end]
    if end > _LONGEST_SENTENCE:
        before = before.partition(" ")[2]
    return _SENTENCE_START.split(before)[-1]


def _clause(sentence: str) -> str:
    """Return the clause at a sentence's end that promises; the last one where none does.

    A clause without a subject of its own ("the budget" in "we owe her the plan, the budget by Friday"), or of one word
    ("promised"), belongs to the clause before it.
    """
    starts = [0, *(found.end() for found in _CLAUSE_START.finditer(sentence))]
    ends = [*(found.start() for found in _CLAUSE_START.finditer(sentence)), len(sentence)]
    nearest = ""
    promising = False
    for start, end in zip(reversed(starts), reversed(ends), strict=True):
        whole = _OPENING.sub("", sentence[start:].strip(' \t,:;-–—()*_~•>"“”'))
        head = sentence[start:end].strip()
        nearest = nearest or whole
        promising = promising or bool(_SWORN.search(_plain(head)) or _PLANNED.search(_plain(head)))
        if promising and " " in whole:
            return whole
        if _OWN_SUBJECT.match(_OPENING.sub("", head)):
            break
    return nearest


def _promises(clause: str, preposition: str) -> bool:
    """Whether a clause (plain) promises; the module says the order of the rules."""
    if _CONDITIONAL.search(clause) or _DENIED.search(_REMINDER.sub("remember", clause)):
        return False
    if _SWORN.search(clause):
        return True
    if _HEDGED.search(clause):
        return False
    if _PLANNED.search(clause) and not _WAS.search(clause):
        return True
    if preposition in {"on", "until"}:
        return False
    return bool(_ASKED.search(clause)) or not (_past(clause) or _OPINION.search(clause))


def _past(clause: str) -> bool:
    """Whether a clause tells the past: an irregular past form, or a word in -ed that does not describe a thing."""
    words = re.findall(r"[\w'-]+", clause)
    pairs = zip(["", *words], words, strict=False)
    return any(
        _IRREGULAR.fullmatch(word)
        or (
            len(word) > 4
            and word.endswith("ed")
            and not (_NOT_PAST.fullmatch(word) or _BEFORE_A_PARTICIPLE.fullmatch(before))
        )
        for before, word in pairs
    )
