"""Promotions in the words of a comment: what changes, may it be merged, on what evidence, by whom.

All of it may come from a stranger; every text goes through `review.text`, every word that stands
here otherwise is ours.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.review.document import Block, Heading, Paragraph, Table
from staticrun.review.text import code, link, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from staticrun.registry.difference import Change, Difference
    from staticrun.registry.promotion import Outcome
    from staticrun.review.promotions import Metric, Moved, Owned, Promotions

_REASON = 300
_COMMIT_DIGITS = 12
# Of one sort in a sentence, and of one part of a difference in a table; --format json has all.
_NAMED, _CHANGES = 5, 30
_METRICS = ("Metric", "#Now", "#Candidate", "#Gain", "")
_DIFFERS = ("What differs", "Now", "Candidate")
_REGISTERED = ("Version", "Run", "Bytes", "Card", "By (claimed)")
_WITHDRAWN = ("Version", "Reason (claimed)", "By (claimed)", "In its place")
_VERBS = {
    "promotion": "comes to",
    "rollback": "goes back to",
    "revert": "is put back by a revert to",
    "hold": "is held at",
    "release": "is released, and stays at",
    "clear": "is cleared, and was at",
    "note": "is noted otherwise, and stays at",
}
_RESULTS = {"pass": "✓ pass", "fail": "✗ <b>fails</b>", "unknown": "? <b>unknown</b>"}
_BYTES = {
    "verified": "here, and those of the manifest",
    "absent": "<b>not here</b>: nothing is known of them",
    "mismatch": "<b>others than the manifest says</b>",
}
_SIGNED = {
    "unknown": "there is one, not verified here",
    "none": "there is none",
    "bad": "<b>does not fit the commit</b>",
}


def blocks(found: Promotions, address: str | None = None) -> Iterator[Block]:
    """Give what a comment says of promotions; nothing where nothing changes.

    Args:
        found: What the branch changes in the registry.
        address: Where its site, or a preview of it, is published; None for no links.
    """
    if not found:
        return
    yield Heading(_head(found), 2)
    yield Paragraph(_verdict(found))
    for one in found.moves[:_NAMED]:
        if one.gates or one.metrics:
            yield Paragraph(_evidence(one, alone=len(found.moves) == 1))
    yield Paragraph(_vouched(found))
    loud = [one for one in found.findings if one.level == "error"]
    if loud:
        yield Heading("Errors")
        errors = (
            (code(one.where), words(one.what, _REASON), words(one.expected, _REASON))
            for one in loud
        )
        yield Table("errors", ("Where", "What", "Expected"), tuple(errors))
    for one in found.moves:
        yield from _move(one, address)
    yield from _versions(found, address)
    yield Heading("Who vouches for it")
    yield Table("who vouches", ("Who", "What", "Known"), tuple(_who(found)))
    quiet = [one for one in found.findings if one.level != "error"]
    if quiet:
        yield Heading("What else the check says")
        told = ((one.level, code(one.where), words(one.what, _REASON)) for one in quiet)
        yield Table("findings", ("Level", "Where", "What"), tuple(told))


def _head(found: Promotions) -> str:
    said = [_moved(one) for one in found.moves[:_NAMED]]
    if len(found.moves) > _NAMED:
        said.append(f"{fmt.count(len(found.moves) - _NAMED)} more stages change")
    if not said:
        for what, listed in (("registered", found.registered), ("withdrawn", found.withdrawn)):
            if listed:
                named = [f"{code(one.model)} {one.version}" for one in listed]
                said.append(f"{fmt.listed(named)} {what}")
    return "; ".join(said) or f"The registry: {fmt.plural(len(found.files), 'file')} changed"


def _moved(one: Moved) -> str:
    stage = f"{code(one.model)} {code(one.stage)}"
    number = one.before if one.after is None else one.after
    was = f" (now at {one.before})" if one.before and one.before != number else ""
    hold = ", and is held" if one.hold and one.kind not in ("hold", "note") else ""
    return f"{stage} {_VERBS[one.kind]} version {number or 'none'}{was}{hold}"


def _verdict(found: Promotions) -> str:
    against = f"Compared with {code(found.base)} ({code(found.commit[:_COMMIT_DIGITS])})."
    gates = [one for move in found.moves for one in move.gates]
    stopped = sum(not one.lets_pass for one in gates)
    errors = sum(one.level == "error" for one in found.findings)
    overridden = sum(one.overridden is not None for one in gates)
    despite = f" <b>{fmt.plural(overridden, 'gate')} overridden.</b>" if overridden else ""
    if not found.passed:
        said = [fmt.plural(stopped, "gate")] if stopped else []
        said += [fmt.plural(errors, "error")] if errors else []
        told = fmt.listed(said) or "something"
        return f"<b>Not to be merged</b>, says the check: {told} in the way.{despite} {against}"
    passing = sum(one.result == "pass" for one in gates)
    asked = f"{fmt.count(passing)} of {fmt.plural(len(gates), 'gate')} pass"
    told = asked if gates else "no gate is asked"
    return f"<b>May be merged</b>, says the check: {told}, no error.{despite} {against}"


def _evidence(one: Moved, *, alone: bool) -> str:
    of = "" if alone else f" for {code(one.model)} {code(one.stage)}"
    if one.before is None:
        return f"On what evidence{of}: there is no version to compare with."
    said = [
        f"{code(metric.name, 40)} {_better(metric)}"
        for metric in one.metrics[:_NAMED]
        if metric.gain is not None
    ]
    compared = fmt.listed(said) or "no metric of both versions says which is better"
    return f"On what evidence{of}: {compared}."


def _better(metric: Metric) -> str:
    if not metric.gain:
        return f"the same ({fmt.number(metric.candidate)})"
    verdict = "better" if metric.gain > 0 else "<b>worse</b>"
    numbers = f"{fmt.number(metric.candidate)} against {fmt.number(metric.champion)}"
    return f"{verdict} by {fmt.number(abs(metric.gain), 3)} ({numbers})"


def _vouched(found: Promotions) -> str:
    vouched = found.vouching
    asked = dict.fromkeys(one.requested_by for one in found.moves if one.requested_by)
    said = [f"{fmt.listed([*map(code, asked)]) or 'nobody'} asks for it (claimed)"]
    if vouched.commit is None:
        said.append("no commit has these files")
    else:
        said.append(f"{code(_person(vouched.author))} wrote it (claimed)")
        said.append(f"signature: {_signature(found)}")
    names = dict.fromkeys(name for one in vouched.owners for name in one.owners)
    said.append(f"owners: {fmt.listed([*map(code, names)]) or 'nobody'}")
    said.append(f"approvals: {_approved(found)}")
    return f"Who vouches for it: {'; '.join(said)}."


def _person(text: str) -> str:
    return text.partition(" <")[0] or text


def _signature(found: Promotions) -> str:
    vouched = found.vouching
    if vouched.signature == "verified":
        return f"{code(vouched.signer or '')} (verified)"
    return _SIGNED[vouched.signature]


def _move(one: Moved, address: str | None) -> Iterator[Block]:
    yield Heading(f"{code(one.model)} {code(one.stage)}: {_way(one)}")
    rows = [
        ("Kind", one.kind),
        ("Reason (claimed)", words(one.reason, _REASON) if one.reason else "none is given"),
        ("Asked for by (claimed)", code(one.requested_by) if one.requested_by else "nobody"),
        ("From", _version(one.model, one.before, one.tree_before, address)),
        ("To", _version(one.model, one.after, one.tree, address)),
    ]
    if one.artifact is not None:
        rows.append(("Bytes", _BYTES[one.artifact]))
    if one.card is not None:
        rows.append(("Model card", "there is one" if one.card else "<b>there is none</b>"))
    yield Table("facts of a move", ("", "What the change says"), tuple(rows))
    if one.gates:
        # What stands in the way comes first, what somebody decided against next.
        gates = sorted(one.gates, key=lambda gate: (gate.lets_pass, gate.result == "pass"))
        yield Table("gates", ("Result", "Gate", "Why"), tuple(map(_gate, gates)))
    if one.metrics:
        yield Table("metrics", _METRICS, tuple(map(_metric, one.metrics)))
    if one.difference:
        yield Table("what differs", _DIFFERS, tuple(_differences(one.difference)))


def _way(one: Moved) -> str:
    if one.kind in ("hold", "release", "note"):
        return f"version {one.after} stays"
    return f"{one.before or 'nowhere'} → {one.after or 'nowhere'}"


def _version(model: str, number: int | None, tree: str | None, address: str | None) -> str:
    if number is None:
        return "nowhere"
    named = link(f"{model} {number}", address, layout.model_version_url(model, number))
    return f"{named} {code(tree or '')}"


def _gate(one: Outcome) -> tuple[str, ...]:
    kind = "" if one.kind == one.gate else f" ({words(one.kind)})"
    why = words(one.why, _REASON)
    if one.overridden is not None:
        why = f"<b>OVERRIDDEN</b>: {words(one.overridden, _REASON)}. The gate: {why}"
    return _RESULTS[one.result], f"{code(one.gate)}{kind}", why


def _metric(one: Metric) -> tuple[str, ...]:
    gain = "" if one.gain is None else fmt.signed(one.gain)
    verdict = "" if not one.gain else "better" if one.gain > 0 else "<b>worse</b>"
    direction = {"min": ", less is better", "max": ", more is better"}.get(one.direction, "")
    name = f"{code(one.name)}{direction}"
    return name, fmt.number(one.champion), fmt.number(one.candidate), gain, verdict


def _differences(found: Difference) -> Iterator[tuple[str, ...]]:
    for part in found.__struct_fields__:
        changes: tuple[Change, ...] = getattr(found, part)
        for change in changes[:_CHANGES]:
            before, after = (_value(value, part) for value in (change.before, change.after))
            yield f"{part}: {code(change.name)}", before, after
        if len(changes) > _CHANGES:
            yield f"{part}: {fmt.count(len(changes) - _CHANGES)} more", "", ""


def _value(value: object, part: str) -> str:
    if value is None:
        return "none"
    if isinstance(value, dict) and part == "files":
        size, digest = value.get("size"), str(value.get("sha256"))[:_COMMIT_DIGITS]
        return f"{code(digest)} {words(str(size))} bytes"
    if isinstance(value, dict) and part == "data":
        digest = str(value.get("digest"))
        short = digest if len(digest) < 24 else f"{digest[:19]}…"
        rows = "" if value.get("rows") is None else f", {words(str(value['rows']))} rows"
        return f"{code(short)}{rows}"
    return code(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _versions(found: Promotions, address: str | None) -> Iterator[Block]:
    if found.registered:
        yield Heading("Registered versions")
        rows = (
            (
                _version(one.model, one.version, one.tree, address),
                code(one.run),
                _BYTES[one.artifact],
                "yes" if one.card else "<b>no</b>",
                code(one.by) if one.by else "nobody",
            )
            for one in found.registered
        )
        yield Table("registered versions", _REGISTERED, tuple(rows))
    if found.withdrawn:
        yield Heading("Withdrawn versions")
        gone = (
            (
                _version(one.model, one.version, "", address),
                words(one.reason, _REASON),
                code(one.by) if one.by else "nobody",
                "" if one.superseded_by is None else f"version {one.superseded_by}",
            )
            for one in found.withdrawn
        )
        yield Table("withdrawn versions", _WITHDRAWN, tuple(gone))


def _who(found: Promotions) -> Iterator[tuple[str, ...]]:
    vouched = found.vouching
    for name in dict.fromkeys(one.requested_by for one in found.moves if one.requested_by):
        yield "Asks for it", code(name), "claimed"
    if vouched.commit is None:
        yield "Author", "no commit has these files as they are", "unknown"
    else:
        commit = f"{code(vouched.commit[:_COMMIT_DIGITS])} {words(vouched.subject)}"
        yield "Author", f"{code(_person(vouched.author))}, commit {commit}", "claimed"
        known = "verified" if vouched.signature == "verified" else "unknown"
        yield "Signature", _signature(found), "claimed" if vouched.signature == "none" else known
    for one in vouched.owners:
        yield "Owners", _owned(one, vouched.codeowners or ""), "from the base branch"
    if vouched.codeowners is None:
        yield "Owners", "the base branch has no CODEOWNERS", "verified"
    known = "unknown" if vouched.approvals is None else "verified, as the host says"
    yield "Approvals", _approved(found), known


def _approved(found: Promotions) -> str:
    said = found.vouching.approvals
    if said is None:
        return "unknown, only the host knows"
    others = [f"{code(one.login)} does not count ({words(one.why)})" for one in said.others]
    own = [f"{code(one.login)} wrote it, too" for one in said.approvals if one.author]
    names = fmt.listed([code(name) for name in said.approved_by])
    return "; ".join([names or "nobody", *[fmt.listed(rest) for rest in (own, others) if rest]])


def _owned(one: Owned, file: str) -> str:
    names, paths = (fmt.listed([*map(code, every)]) for every in (one.owners, one.paths))
    if not one.owners:
        return f"<b>nobody</b> has to approve {paths}"
    return f"{names} for {paths} ({words(file)}, line {one.line})"
