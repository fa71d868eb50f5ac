"""Việc của tôi, and one task with everything needed to decide."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

blueprint = Blueprint("tasks", __name__)


@blueprint.get("/")
def home() -> ResponseReturnValue:
    return redirect(url_for(".show_list"))


@blueprint.get("/tasks")
def show_list() -> ResponseReturnValue:
    return render_template("tasks/list.html")
