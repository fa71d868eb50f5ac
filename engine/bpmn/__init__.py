"""BPMN on SpiffWorkflow's life cycle with nodes of our own; only this package knows the library (docs/decisions/0010).

SpiffWorkflow runs every node: `do_engine_steps` → `Task.run` → `TaskSpec._run` → `_run_hook` → `Task.complete` →
`TaskSpec._on_complete` → `_on_complete_hook` → `_update` of each child → `_update_hook` → `Task._ready`. Our classes
fill in these hooks (`node.Node`). What else is overridden says "SpiffWorkflow:" and why.

Tokens. A task that is not finished is a token or a listener. If its parent is unfinished too, it hangs on it: a
listener on its activity, an element on its multi-instance body, an event on its gateway. Else it is a token of its
scope, and where it came from means nothing. No rule ever reads a finished task: all are forgotten at each commit.
"""
