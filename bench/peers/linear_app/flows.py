"""start → ten user tasks → end."""

from django.views.generic import View
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.lock import SelectForUpdateLock


class LinearFlow(flow.Flow):
    """Locked by its row, as ours is."""

    lock_impl = SelectForUpdateLock()

    start = flow.StartHandle(this.begin).Next(this.t1)
    t1 = flow.View(View.as_view()).Assign(username="clerk").Next(this.t2)
    t2 = flow.View(View.as_view()).Assign(username="clerk").Next(this.t3)
    t3 = flow.View(View.as_view()).Assign(username="clerk").Next(this.t4)
    t4 = flow.View(View.as_view()).Assign(username="clerk").Next(this.t5)
    t5 = flow.View(View.as_view()).Assign(username="clerk").Next(this.t6)
    t6 = flow.View(View.as_view()).Assign(username="clerk").Next(this.t7)
    t7 = flow.View(View.as_view()).Assign(username="clerk").Next(this.t8)
    t8 = flow.View(View.as_view()).Assign(username="clerk").Next(this.t9)
    t9 = flow.View(View.as_view()).Assign(username="clerk").Next(this.t10)
    t10 = flow.View(View.as_view()).Assign(username="clerk").Next(this.end)
    end = flow.End()

    def begin(self, activation: object) -> object:
        """Begins without anything to say."""
        return activation
