"""Promotions in the words of a comment: what changes, may it be merged, on what evidence, by whom.

All of it may come from a stranger; every text goes through `review.text`, every word that stands
here otherwise is ours.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from staticrun import layout
from staticrun.pages import format as fmt
from staticrun.registry.gates import approvals
from staticrun.review.document import Block, Heading, Paragraph, Table
from staticrun.review.text import code, href, link, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from staticrun.registry.against import Against, Gain
    from staticrun.registry.difference import Change, Difference
    from staticrun.registry.examples import Changes, Slice
    from staticrun.registry.promotion import Outcome
    from staticrun.review.promotions import Moved, Owned, Promotions

_REASON = 300
_COMMIT_DIGITS = 12
# Of one sort in a sentence, and of one part of a difference in a table; --format json has all.
_NAMED, _CHANGES = 5, 30
# In the room of a table twelve digits are enough; all of them stand above it.
_DIGEST = re.compile(r"(sha256:[0-9a-f]{12})[0-9a-f]{52}")
_METRICS = ("Metric", "#Now", "#Candidate", "#Gain", "95 % interval", "")
_SLICES = ("Slice", "#Examples", "#Now", "#Candidate", "#Gain", "95 % interval")
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
# Joined by a space that no line breaks at.
_RESULTS = {
    "pass": "✓\u00a0pass",
    "fail": "✗\u00a0<b>fails</b>",
    "unknown": "?\u00a0<b>unknown</b>",
}
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


def blocks(
    found: Promotions, address: str | None = None, *, pictures: bool = False
) -> Iterator[Block]:
    """Give what a comment says of promotions; nothing where nothing changes.

    Args:
        found: What the branch changes in the registry.
        address: Where its site, or a preview of it, is published; None for no links.
        pictures: Whether what the branch brings is on that site, too, so that figures are there.
    """
    if not found:
        return
    yield Heading(_head(found), 2)
    yield Paragraph(_verdict(found))
    for one in found.moves[:_NAMED]:
        if one.artifact is not None:
            yield Paragraph(_evidence(one, address, alone=len(found.moves) == 1))
    yield Paragraph(_vouched(found))
    loud = [one for one in found.findings if one.level == "error"]
    if loud:
        yield Heading("Errors")
        errors = (
            (
                code(one.where),
                words(one.what, _REASON),
                words(one.expected, _REASON) if one.expected else "",
            )
            for one in loud
        )
        yield Table("errors", ("Where", "What", "Expected"), tuple(errors))
    for one in found.moves:
        yield from _move(one, address, pictures=pictures)
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
    commit = code(found.commit[:_COMMIT_DIGITS])
    named = f"{code(found.base)} ({commit})" if found.base != found.commit else commit
    against = f"Compared with {named}."
    gates = [one for move in found.moves for one in move.gates]
    stopped = sum(not one.lets_pass for one in gates)
    waiting = sum(one.kind == approvals.NAME and one.result == "unknown" for one in gates)
    errors = sum(one.level == "error" for one in found.findings)
    overridden = sum(one.overridden is not None for one in gates)
    despite = f" <b>{fmt.plural(overridden, 'gate')} overridden.</b>" if overridden else ""
    if not found.passed and not errors and stopped == waiting:
        told = "only the host knows who approved it, and nothing else is in the way"
        return f"<b>Waits for approvals</b>, says the check: {told}.{despite} {against}"
    if not found.passed:
        names = fmt.listed([code(one.gate) for one in gates if not one.lets_pass])
        said = [f"{fmt.plural(stopped, 'gate')} ({names})"] if stopped else []
        said += [fmt.plural(errors, "error")] if errors else []
        told = fmt.listed(said) or "something"
        return f"<b>Not to be merged</b>, says the check: {told} in the way.{despite} {against}"
    passing = sum(one.result == "pass" for one in gates)
    asked = f"{fmt.count(passing)} of {fmt.plural(len(gates), 'gate')} pass"
    told = asked if gates else "no gate is asked"
    return f"<b>May be merged</b>, says the check: {told}, no error.{despite} {against}"


def _evidence(one: Moved, address: str | None, *, alone: bool) -> str:
    of = "" if alone else f" for {code(one.model)} {code(one.stage)}"
    found = one.against
    if found is None:
        return f"On what evidence{of}: there is no version to compare with."
    said = [_better(gain) for gain in found.metrics if gain.gain is not None][:_NAMED]
    told = [fmt.listed(said) or "no metric of both versions says which is better"]
    if found.slices:
        worse, looked = len(found.worse), fmt.plural(len(found.slices), "slice")
        told.append(f"<b>worse</b> for {worse} of {looked}" if worse else f"worse for no {looked}")
    if found.changes:
        told.append(_changed(found.changes))
    page = _page(one, address)
    if page:
        told.append(f'<a href="{page}">the candidate against the champion</a>')
    return f"On what evidence{of}: {'; '.join(told)}."


def _page(one: Moved, address: str | None) -> str:
    """Give the address of the page with both versions; there is one for what goes up."""
    if not address or one.kind != "promotion" or not one.before or not one.after:
        return ""
    if one.after < one.before:
        return ""
    return href(address, layout.against_url(one.model, one.after, one.before))


def _better(one: Gain) -> str:
    name, numbers = code(one.metric, 40), f"{fmt.number(one.candidate)}"
    if not one.gain:
        return f"{name} the same ({numbers})"
    tested = f"; {_tested(one)}" if one.how and one.low is not None else ""
    numbers = f"{numbers} against {fmt.number(one.champion)}{tested}"
    return f"{name} {_judged(one)} by {fmt.number(abs(one.gain), 3)} ({numbers})"


def _judged(one: Gain) -> str:
    """Say which is better, and whether an interval that holds zero leaves that open."""
    if not one.gain:
        return ""
    chance = one.low is not None and one.high is not None and one.low <= 0 <= one.high
    return ("better" if one.gain > 0 else "<b>worse</b>") + (", perhaps by chance," * chance)


def _tested(one: Gain) -> str:
    p = "" if one.p is None else f", p{fmt.THIN}={fmt.THIN}{fmt.number(one.p, 2)}"
    n = "" if one.n is None else f", n{fmt.THIN}={fmt.THIN}{fmt.count(one.n)}"
    return f"95 % interval {_interval(one)}{p}{n}"


def _interval(one: Gain | Slice) -> str:
    return f"{fmt.signed(one.low)} to {fmt.signed(one.high)}"


def _changed(found: Changes) -> str:
    nearer = "right" if found.labels else "nearer"
    return (
        f"of {fmt.plural(found.same + found.better + found.worse, 'example')} the candidate alone "
        f"is {nearer} on {fmt.count(found.better)}, the champion alone on {fmt.count(found.worse)}"
    )


def _vouched(found: Promotions) -> str:
    vouched = found.vouching
    asked = dict.fromkeys(one.requested_by for one in found.moves if one.requested_by)
    names = fmt.listed([*map(code, asked)])
    said = [f"{names} asks for it (claimed)" if names else "nobody says who asks for it"]
    if vouched.commit is None:
        said.append("no commit has these files")
    else:
        said.append(f"{code(_person(vouched.author))} wrote it (claimed)")
        said.append(f"signature: {_signature(found)}")
    owners = dict.fromkeys(name for one in vouched.owners for name in one.owners)
    said.append(f"owners: {fmt.listed([*map(code, owners)]) or 'nobody'}")
    said.append(f"approvals: {_approved(found)}")
    return f"Who vouches for it: {'; '.join(said)}."


def _person(text: str) -> str:
    return text.partition(" <")[0] or text


def _signature(found: Promotions) -> str:
    vouched = found.vouching
    if vouched.signature == "verified":
        return f"{code(vouched.signer or '')} (verified)"
    return _SIGNED[vouched.signature]


def _move(one: Moved, address: str | None, *, pictures: bool) -> Iterator[Block]:
    yield Heading(f"{code(one.model)} {code(one.stage)}: {_way(one)}")
    reason = words(one.reason, _REASON) if one.reason else "none is given"
    asked = f", asked for by {code(one.requested_by)}" if one.requested_by else ""
    yield Paragraph(f"A {one.kind}; reason (claimed): {reason}{asked}.")
    # No table: a digest would make it wider than a phone.
    before = _version(one.model, one.before, one.tree_before, address)
    yield Paragraph(f"From {before} to {_version(one.model, one.after, one.tree, address)}.")
    if one.artifact is not None:
        card = "there is one" if one.card else "<b>there is none</b>"
        yield Paragraph(f"Its bytes are {_BYTES[one.artifact]}; model card: {card}.")
    if one.gates:
        # What stands in the way comes first, what somebody decided against next.
        gates = sorted(one.gates, key=lambda gate: (gate.lets_pass, gate.result == "pass"))
        yield Table("gates", ("Result", "Gate", "Why"), tuple(map(_gate, gates)))
    if one.against:
        yield from _against(one, one.against, address if pictures else None)


def _against(one: Moved, found: Against, address: str | None) -> Iterator[Block]:
    page = _page(one, address)
    # Gains are drawn where a gate tests them on examples.
    if address and page and found.sliced and one.before and one.after:
        picture = href(address, layout.against_figure_url(one.model, one.after, one.before))
        alt = "Gains of the candidate with their intervals"
        yield Paragraph(f'<a href="{page}"><img src="{picture}" alt="{alt}" width="720"></a>')
    if found.metrics:
        yield Table("metrics", _METRICS, tuple(map(_metric, found.metrics)))
    if found.worse:
        chance = fmt.number(len(found.slices) * 0.025, 2)
        yield Paragraph(
            f"Slices that got worse in {code(found.sliced)}, of {fmt.count(len(found.slices))} "
            f"looked at; {chance} would look so by chance alone:"
        )
        yield Table("slices that got worse", _SLICES, tuple(map(_slice, found.worse)))
    if found.missing:
        told = "; ".join(words(clause, _REASON) for clause in found.missing[:_NAMED])
        yield Paragraph(f"Not compared: {told}.")
    if found.difference:
        yield Table("what differs", _DIFFERS, tuple(_differences(found.difference)))


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
    why = words(_DIGEST.sub(r"\1…", one.why), _REASON)
    if one.overridden is not None:
        why = f"<b>OVERRIDDEN</b>: {words(one.overridden, _REASON)}. The gate: {why}"
    return _RESULTS[one.result], f"{code(one.gate)}{kind}", why


def _metric(one: Gain) -> tuple[str, ...]:
    direction = {"min": ", less is better", "max": ", more is better"}.get(one.direction or "", "")
    return (
        f"{code(one.metric)}{direction}",
        fmt.number(one.champion),
        fmt.number(one.candidate),
        "" if one.gain is None else fmt.signed(one.gain),
        words(one.why) if one.low is None else _tested(one).removeprefix("95 % interval "),
        _judged(one).removesuffix(","),
    )


def _slice(one: Slice) -> tuple[str, ...]:
    return (
        f"{code(one.column, 40)} {code(one.value, 40)}",
        fmt.count(one.n),
        fmt.number(one.champion),
        fmt.number(one.candidate),
        fmt.signed(one.gain),
        _interval(one),
    )


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
        proved = {"verified": "verified", "none": "nothing is proved"}
        yield "Signature", _signature(found), proved.get(vouched.signature, "unknown")
    for one in vouched.owners:
        yield "Owners", _owned(one, vouched.codeowners or ""), "from the base branch"
    if vouched.codeowners is None:
        yield "Owners", "the base branch has no CODEOWNERS", "nobody has to approve"
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
