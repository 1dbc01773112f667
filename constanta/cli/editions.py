"""`flask publish` and `flask edition`: build what is served, see which editions there are, and go back."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from constanta.cli.output import current_settings, echo, echo_json, json_option, tells_errors
from constanta.edition.publish import list_editions, publish_edition, use_edition
from constanta.errors import sentence


@click.command("publish")
@json_option
@with_appcontext
@tells_errors
def publish(*, as_json: bool) -> None:
    """Build an edition from the files beside the live one, and serve it once it is whole."""
    published = publish_edition(current_settings())
    if as_json:
        echo_json({"edition": published.name, "documents": len(published.update.built)})
    else:
        echo(sentence("Published the edition %(name)s.", name=published.name))


@click.group("edition")
def group() -> None:
    """See the editions, and choose which one is served."""


@group.command("list")
@json_option
@with_appcontext
@tells_errors
def list_(*, as_json: bool) -> None:
    """Print the editions, the newest first; an asterisk marks the one that is served."""
    editions = list_editions(current_settings().instance / "editions")
    if as_json:
        echo_json([{"edition": edition.name, "served": edition.served} for edition in editions])
        return
    for edition in editions:
        click.echo(f"{'*' if edition.served else ' '} {edition.name}")


@group.command("use")
@click.argument("edition")
@json_option
@with_appcontext
@tells_errors
def use(*, edition: str, as_json: bool) -> None:
    """Serve the edition with the name EDITION."""
    use_edition(current_settings().instance / "editions", edition)
    if as_json:
        echo_json({"edition": edition})
    else:
        echo(sentence("The site serves the edition %(name)s.", name=edition))
