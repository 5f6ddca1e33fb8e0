"""Who confirmed an operation: between the request and the audit log lies the operation's row."""

from collections.abc import Mapping

from registryui.audit.api import Actor, Via


def kept_actor(actor: Actor) -> dict[str, object]:
    """Return what an operation keeps of somebody, in a form that JSON has."""
    return {
        "name": actor.name,
        "id": actor.id,
        "teams": list(actor.teams),
        "address": actor.address,
        "via": actor.via,
        "request_id": actor.request_id,
    }


def actor_of(kept: Mapping[str, object]) -> Actor:
    """Return who it was; what is missing or of another form is left out."""
    number, teams = kept.get("id"), kept.get("teams")
    return Actor(
        name=_text(kept, "name"),
        id=number if isinstance(number, int) else None,
        teams=tuple(str(team) for team in teams) if isinstance(teams, list | tuple) else (),
        address=_text(kept, "address"),
        via=_text(kept, "via") or Via.SESSION.value,
        request_id=_text(kept, "request_id"),
    )


def is_program(actor: Actor) -> bool:
    """Whether nobody's rights are to be asked for: Registry UI itself, or who has its shell."""
    return actor.id is None and actor.via in (Via.SYSTEM.value, Via.COMMAND.value)


def _text(kept: Mapping[str, object], key: str) -> str:
    value = kept.get(key)
    return value if isinstance(value, str) else ""
