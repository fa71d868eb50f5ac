"""Phiên bản và chuyển đổi: versions of a process, a plan between two, its dry run, batches, undo."""

import uuid

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.actors import Actor
from engine import migration, operations
from engine.migration_errors import CannotUndo
from engine.migration_queries import Choice
from kernel.errors import DomainError
from webapp.auth import current_actor
from webapp.redraw import redrawing
from webapp.versions import addresses, choosing, editor, overview, progress

blueprint = Blueprint("versions", __name__, url_prefix="/versions")

KEY = "string(maxlength=100)"


@blueprint.get("")
def show_list() -> ResponseReturnValue:
    return render_template("versions/list.html", page=overview.overview_of(_migrator()))


@blueprint.get(f"/<{KEY}:key>")
def show(key: str) -> ResponseReturnValue:
    return render_template("versions/show.html", page=overview.page_of(key, _migrator()))


# -------------------------------------------------------------------------------------------------------------- a plan
@blueprint.get(f"/<{KEY}:key>/plan")
def show_plan(key: str) -> ResponseReturnValue:
    actor = _migrator()
    road = addresses.road_of(key, request.args, actor)
    return render_template("versions/plan.html", page=editor.page_of(road, actor))


@blueprint.post(f"/<{KEY}:key>/plan")
def check_plan(key: str) -> ResponseReturnValue:
    """What was chosen becomes an address, which shows what is wrong with it, or goes on to the instances."""
    actor = _migrator()
    road = editor.changed_road(addresses.road_of(key, request.form, actor), request.form)
    onwards = "go_on" in request.form and editor.page_of(road, actor).usable
    return redirect(road.url(".choose_instances" if onwards else ".show_plan"))


@blueprint.get(f"/<{KEY}:key>/instances")
def choose_instances(key: str) -> ResponseReturnValue:
    return _choosing(key, None)


def _choosing(key: str, refused: DomainError | None) -> str:
    actor = _migrator()
    road = addresses.road_of(key, request.values, actor)
    page = choosing.page_of(road, choosing.Filter.read(request.values), actor)
    return render_template("versions/instances.html", page=page, refused=refused)


@blueprint.get(f"/<{KEY}:key>/start")
def show_again(key: str) -> ResponseReturnValue:
    """The address of a form that was refused, loaded again."""
    return redirect(url_for(".show", key=key))


@blueprint.post(f"/<{KEY}:key>/start")
def start_migration(key: str) -> ResponseReturnValue:
    actor = _migrator()
    road = addresses.road_of(key, request.form, actor)
    with redrawing(lambda refused: _choosing(key, refused), DomainError):
        batch = operations.start_migration(road.plan, _chosen(actor), actor=actor)
    return redirect(url_for(".show_batch", migration_id=batch.id))


def _chosen(actor: Actor) -> list[uuid.UUID] | Choice:
    """The ticked ones, or all that the filter leaves."""
    if "all" in request.form:
        return choosing.Filter.read(request.form).choice(actor)
    return request.form.getlist("instance", type=uuid.UUID)


# ------------------------------------------------------------------------------------------------------------- a batch
@blueprint.get("/batches/<uuid:migration_id>")
def show_batch(migration_id: uuid.UUID) -> ResponseReturnValue:
    return _batch(migration_id, None)


@blueprint.get("/batches/<uuid:migration_id>/instances/<uuid:instance_id>/undo")
def show_batch_again(migration_id: uuid.UUID, instance_id: uuid.UUID) -> ResponseReturnValue:
    """As above."""
    return redirect(url_for(".show_batch", migration_id=migration_id))


def _batch(migration_id: uuid.UUID, refused: DomainError | None) -> str:
    page = progress.page_of(migration_id, _migrator())
    return render_template("versions/batch.html", page=page, refused=refused)


@blueprint.post("/batches/<uuid:migration_id>/instances/<uuid:instance_id>/undo")
def undo_migrated(migration_id: uuid.UUID, instance_id: uuid.UUID) -> ResponseReturnValue:
    actor = _migrator()
    with redrawing(lambda refused: _batch(migration_id, refused), CannotUndo):
        operations.undo_migrated(migration_id, instance_id, actor=actor)
    flash(_("Đã hoàn tác. Hồ sơ trở lại bản cũ, đúng chỗ nó đã đứng."))
    return redirect(url_for(".show_batch", migration_id=migration_id))


def _migrator() -> Actor:
    g.section = "versions.show_list"
    actor = current_actor()
    migration.require_migrator(actor)
    return actor
